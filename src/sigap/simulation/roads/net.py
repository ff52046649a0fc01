"""The net as it grows: points in metres, edges with a class and a name, named things beside them."""

import itertools
from dataclasses import dataclass, field
from typing import Final

CLASSES: Final = (
    "motorway", "motorway_link", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential",
    "living_street", "path", "service",
)  # fmt: skip
"""Most important first. A `path` is a gang that only motorcycles pass."""


@dataclass(frozen=True, slots=True)
class Style:
    """What a piece of road is: equal pieces in a row become one way."""

    highway: str
    name: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    oneway: bool = False


@dataclass(slots=True)
class Landmark:
    """A named thing with its tags."""

    x: float
    y: float
    tags: dict[str, str]


@dataclass(slots=True)
class Net:
    """Everything that will be written. Points are numbered as they come."""

    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    edges: dict[tuple[int, int], Style] = field(default_factory=dict)
    node_tags: dict[int, dict[str, str]] = field(default_factory=dict)
    landmarks: list[Landmark] = field(default_factory=list)
    lines: list[tuple[list[int], dict[str, str]]] = field(default_factory=list)
    """Rivers and the railway: lines that are no roads."""

    def point(self, x: float, y: float) -> int:
        """A new point; returns its number."""
        self.x.append(float(x))
        self.y.append(float(y))
        return len(self.x) - 1

    def road(self, points: list[int], style: Style) -> None:
        """A road over the points, in this order. The first to take an edge keeps it."""
        for a, b in itertools.pairwise(points):
            if a != b and (a, b) not in self.edges and (b, a) not in self.edges:
                self.edges[a, b] = style

    def landmark(self, x: float, y: float, name: str, **tags: str) -> None:
        """A named thing at a place."""
        self.landmarks.append(Landmark(float(x), float(y), {"name": name, **tags, "source": "synthetic"}))
