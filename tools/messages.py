"""Checks that every refusal has its words in both languages, with the same blanks to fill.

Server: src/sigap/messages/<room>.{id,en}.toml against every `code = "…"` of a Problem. Web: the two catalogues
in web/src/i18n/{id,en} must have the same keys and the same blanks.
"""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

ROOT = Path(__file__).resolve().parent.parent
MESSAGES = ROOT / "src/sigap/messages"
WEB = ROOT / "web/src/i18n"
REFUSALS = {"Denied", "NotFound", "Conflict", "Stale", "Invalid", "Unavailable"}
BLANK = re.compile(r"\{\{?\s*(\w+)")


def leaves(tree: dict[str, object], above: str = "") -> dict[str, str]:
    """{dotted key: text} of a nested catalogue."""
    found: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            found |= leaves(value, f"{above}{key}.")
        elif isinstance(value, str):
            found[f"{above}{key}"] = value
    return found


def blanks(text: str) -> set[str]:
    """The names a text wants filled in."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name}
    except ValueError:
        return set(BLANK.findall(text))


def compare(name: str, indonesian: dict[str, str], english: dict[str, str]) -> list[str]:
    """What one language has and the other has not."""
    wrong = [f"{name}: {key} is missing in English" for key in indonesian.keys() - english.keys()]
    wrong += [f"{name}: {key} is missing in Indonesian" for key in english.keys() - indonesian.keys()]
    for key in indonesian.keys() & english.keys():
        if not indonesian[key].strip() or not english[key].strip():
            wrong.append(f"{name}: {key} is empty")
        if blanks(indonesian[key]) != blanks(english[key]):
            wrong.append(f"{name}: {key} has other blanks in the two languages")
    return wrong


def server() -> list[str]:
    """The server's catalogues, and a text for each problem code in the source."""
    wrong: list[str] = []
    known: set[str] = set()
    for path in sorted(MESSAGES.glob("*.id.toml")):
        other = path.with_name(path.name.replace(".id.", ".en."))
        if not other.exists():
            wrong.append(f"{path.name} has no English file")
            continue
        indonesian, english = (leaves(tomllib.loads(file.read_text())) for file in (path, other))
        wrong += compare(path.name.split(".")[0], indonesian, english)
        known |= {key.rsplit(".", 1)[0] for key in indonesian if key.endswith(".title")}
    for path in sorted((ROOT / "src/sigap").rglob("*.py")):
        wrong += [
            f"{path.relative_to(ROOT)}: no text for {code}" for code in codes(path) if code not in known
        ]
    return wrong


def codes(path: Path) -> list[str]:
    """The problem codes a file declares: `code = "…"` in a class that is raised over HTTP (it has a status too)."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef) and any(
            "Problem" in ast.unparse(base) or base_is_refusal(base) for base in node.bases
        ):
            found += [value for name, value in constants(node) if name == "code"]
    return found


def base_is_refusal(base: ast.expr) -> bool:
    """The kernel's ready-made refusals, which rooms subclass."""
    return ast.unparse(base).rsplit(".", 1)[-1] in REFUSALS


def constants(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """(name, value) of the class attributes that are plain texts."""
    for line in node.body:
        target = (
            line.targets[0]
            if isinstance(line, ast.Assign)
            else line.target
            if isinstance(line, ast.AnnAssign)
            else None
        )
        value = line.value if isinstance(line, ast.Assign | ast.AnnAssign) else None
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield target.id, value.value


def web() -> list[str]:
    """The web's two catalogues: the same areas, and in each the same keys and blanks."""
    areas = {language: {path.name for path in (WEB / language).glob("*.json")} for language in ("id", "en")}
    wrong = [f"web {area} has one language only" for area in sorted(areas["id"] ^ areas["en"])]
    for area in sorted(areas["id"] & areas["en"]):
        indonesian, english = (
            leaves(json.loads((WEB / language / area).read_text(encoding="utf-8")))
            for language in ("id", "en")
        )
        wrong += compare(f"web {area}", indonesian, english)
    return wrong


def main() -> int:
    """1 if a text is missing."""
    wrong = server() + web()
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
