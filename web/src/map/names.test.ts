import type { FeatureCollection } from "geojson";
import { describe, expect, it } from "vitest";
import { namePoints } from "./names";

const square = (x: number, y: number, side: number) => [
  [
    [x, y],
    [x + side, y],
    [x + side, y + side],
    [x, y + side],
    [x, y],
  ],
];
const borders = (properties: Record<string, unknown>): FeatureCollection => ({
  type: "FeatureCollection",
  features: [
    {
      type: "Feature",
      properties: { name: "Sukadiri", ...properties },
      geometry: { type: "MultiPolygon", coordinates: [square(0, 0, 1), square(10, 10, 4)] },
    },
  ],
});
const points = (properties: Record<string, unknown>) =>
  namePoints(borders(properties), "kecamatan").map(
    (one) => one.geometry.type === "Point" && one.geometry.coordinates,
  );

describe("the name of a border", () => {
  it("stands once, in the middle of its largest part", () => {
    expect(points({})).toEqual([[12, 12]]);
  });

  it("stands at its own label point where it has one", () => {
    expect(points({ label_lon: 106.5, label_lat: -6.2 })).toEqual([[106.5, -6.2]]);
  });
});
