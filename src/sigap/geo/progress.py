"""An import's progress as a bar in the terminal; as plain lines where there is none."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from sigap.geo.importer import Progress


@contextmanager
def bar() -> Iterator[Progress]:
    """A progress for `import_osm` that a person can watch."""
    if not sys.stderr.isatty():
        yield lambda step, done: print(f"{done:4.0%}  {step}", file=sys.stderr, flush=True)
        return
    with tqdm(total=100, bar_format="{l_bar}{bar}| {elapsed} {desc}", leave=True) as line:

        def show(step: str, done: float) -> None:
            line.set_description_str(step, refresh=False)
            line.update(round(done * 100) - line.n)

        yield show
