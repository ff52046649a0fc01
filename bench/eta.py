"""Travel times of 500 units to one incident on a city's roads, against a plain search over every point of them.

`make bench NAME=eta ARGS="[FILE.osm.pbf] [--rounds N] [--units N] [--closed N]"`. The last line is one JSON object: {p95_ms, mismatches}.
A mismatch is a unit whose seconds differ by more than 1 ms from the plain search from the same snapped points.
"""

import argparse
import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from sigap.geo import graph as graphs
from sigap.geo import osm_reading
from sigap.geo.eta import Roads, Unit
from sigap.geo.speeds import Speeds
from sigap.kernel.place import Point
from tests.geo.plain_search import PlainSearch

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("SIGAP_SHARED") or ROOT.parent / "shared")
AT = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
SAME_S = 0.001


def main() -> None:
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=SHARED / "data/osm/rhein-neckar-roads.osm.pbf")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--units", type=int, default=500)
    parser.add_argument("--closed", type=int, default=0, help="segments closed at random")
    given = parser.parse_args()
    if not given.file.exists():
        sys.exit(f"no road extract {given.file}: give a FILE.osm.pbf or set SIGAP_SHARED")
    began = time.perf_counter()
    graph = graphs.build(osm_reading.read(given.file))
    built_s = time.perf_counter() - began
    speeds = Speeds.from_settings()
    roads, vehicle = Roads(graph, speeds), speeds.vehicle("ambulance")
    rng = np.random.default_rng(112)
    closed = rng.choice(len(graph.seg_a), given.closed, replace=False).tolist()
    roads.close(dict.fromkeys(closed, float("inf")))
    plain = PlainSearch(graph, speeds, vehicle, speeds.band(AT), closed=closed)
    west, east = np.percentile(graph.node_lon, [1, 99])
    south, north = np.percentile(graph.node_lat, [1, 99])

    def anywhere(count: int) -> tuple[list[float], list[float]]:
        return rng.uniform(west, east, count).tolist(), rng.uniform(south, north, count).tolist()

    fast_ms, plain_ms, mismatches, worst_s, compared = [], [], 0, 0.0, 0
    for number in range(given.rounds + 3):
        (x,), (y,) = anywhere(1)
        lon, lat = anywhere(given.units)
        units = [Unit(i, *spot, "ambulance") for i, spot in enumerate(zip(lon, lat, strict=True))]
        began = time.perf_counter()
        etas = roads.etas(Point(x, y), units, AT)
        ranked = sorted(etas.items(), key=lambda item: item[1].seconds)
        took = (time.perf_counter() - began) * 1000
        assert len(ranked) == given.units
        if number < 3:  # the first rounds build the snapping tree and the weights
            continue
        fast_ms.append(took)
        target, snaps = roads.snap("car", [x], [y]), roads.snap("car", lon, lat)
        began = time.perf_counter()
        expected = plain.seconds(snaps, target)
        plain_ms.append((time.perf_counter() - began) * 1000)
        found = np.array([etas[i].seconds for i in range(given.units)])
        both_lost = np.isinf(found) & np.isinf(expected)
        off = np.where(both_lost, 0.0, np.abs(found - expected))
        mismatches += int((off > SAME_S).sum())
        worst_s = max(worst_s, float(off.max()))
        compared += given.units
    p95 = float(np.percentile(fast_ms, 95))
    print(
        f"{given.file.name}: {len(graph.node_lon):,} points, {len(graph.junction_node):,} junctions, built in {built_s:.1f} s"
    )
    print(f"{'':24}{'p50 ms':>10}{'p95 ms':>10}{'max ms':>10}")
    for name, values in (("snap, search, rank", fast_ms), ("plain search", plain_ms)):
        print(f"{name:24}{np.median(values):10.1f}{np.percentile(values, 95):10.1f}{max(values):10.1f}")
    print(f"{compared:,} travel times compared, largest difference {worst_s:.2e} s")
    print(json.dumps({"p95_ms": round(p95, 2), "mismatches": mismatches}))


if __name__ == "__main__":
    main()
