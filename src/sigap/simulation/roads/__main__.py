"""`python -m sigap.simulation.roads`: made-up roads for SIGAP_HOME where none are imported; or a file of them."""

import argparse
from pathlib import Path

from sigap.geo import borders, roads
from sigap.geo.progress import bar
from sigap.kernel.paths import Home
from sigap.simulation.roads import generator


def main() -> None:
    """Draw and import; with --out only draw."""
    parser = argparse.ArgumentParser(prog="sigap.simulation.roads", description=main.__doc__)
    parser.add_argument("--out", type=Path, help="write this .osm.pbf instead of importing")
    parser.add_argument("--seed", type=int, default=generator.SEED)
    given = parser.parse_args()
    home = Home.from_environment()
    borders.use(home.root / "borders")
    if given.out is not None:
        print(generator.generate(given.out, given.seed))
    elif roads.folder(home) is None:
        with bar() as progress:
            generator.lay_roads(home, progress)


if __name__ == "__main__":
    main()
