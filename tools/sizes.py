"""Prints files and functions that are longer than wanted; fails where one is over the hard limit in silence.

Wanted: a file of 300 lines, a function of 40. Hard: 500 and 70, unless its docstring says why ("Long because
…"). A web component: 80 and 150. A style sheet: 300 and 500. Generated code, SQL and data tables do not count.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE_WANTED, FILE_HARD = 300, 500
FUNCTION_WANTED, FUNCTION_HARD = 40, 70
COMPONENT_WANTED, COMPONENT_HARD = 80, 150
EXCUSE = "Long because"
PYTHON = ("src", "tools", "bench", "tests")
WEB = ("web/src",)
GENERATED = ("generated", ".gen.")
COMPONENT = re.compile(r"^(?:export )?(?:default )?function ([A-Z]\w*)[^\n]*\n(?:.*?\n)?}$", re.M | re.S)
"""A function with a capital at the left edge, up to the next brace at the left edge (Biome keeps that form)."""


def python_functions(path: Path) -> Iterator[tuple[str, int, str]]:
    """(name, lines, docstring) of each function in a file; the docstring itself does not count as length."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            said = ast.get_docstring(node, clean=False) or ""
            lines = (node.end_lineno or node.lineno) - node.lineno + 1 - (said.count("\n") + 1 if said else 0)
            yield node.name, lines, said


def over(where: str, lines: int, wanted: int, hard: int, excused: bool) -> bool:
    """Print what is over `wanted`; True if it is over `hard` without a word about why."""
    if lines <= wanted:
        return False
    fails = lines > hard and not excused
    print(f"{'over the limit' if fails else 'long':>14}  {lines:5}  {where}")
    return fails


def main() -> int:
    """1 if anything is over the hard limit without saying why."""
    fails = 0
    for path in sorted(file for folder in PYTHON for file in (ROOT / folder).rglob("*.py")):
        where, text = str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        module = ast.get_docstring(ast.parse(text)) or ""
        fails += over(where, text.count("\n"), FILE_WANTED, FILE_HARD, EXCUSE in module)
        for name, lines, said in python_functions(path):
            fails += over(f"{where}:{name}", lines, FUNCTION_WANTED, FUNCTION_HARD, EXCUSE in said)
    for path in sorted(
        file for folder in WEB for end in ("ts*", "css") for file in (ROOT / folder).rglob(f"*.{end}")
    ):
        where, text = str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        if any(mark in where for mark in GENERATED):
            continue
        excused = EXCUSE in text[:2000]
        fails += over(where, text.count("\n"), FILE_WANTED, FILE_HARD, excused)
        for found in COMPONENT.finditer(text) if path.suffix == ".tsx" else ():
            lines = found[0].count("\n") + 1
            fails += over(f"{where}:{found[1]}", lines, COMPONENT_WANTED, COMPONENT_HARD, excused)
    return 1 if fails else 0


if __name__ == "__main__":
    sys.exit(main())
