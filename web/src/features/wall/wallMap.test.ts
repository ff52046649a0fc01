import type { FeatureCollection } from "geojson";
import { describe, expect, it } from "vitest";
import { incident } from "../assignment/given";
import { MARK_R, type Mark, marksOf, outline, placeNames, projection, roadLines } from "./wallMap";
import { byKecamatan } from "./wallRoom";

const FRAME = { width: 852, height: 552 };
const square: FeatureCollection = {
  type: "FeatureCollection",
  features: [
    {
      type: "Feature",
      properties: { code: "36.03.12" },
      geometry: {
        type: "Polygon",
        coordinates: [
          [
            [106.3, -6.4],
            [106.8, -6.4],
            [106.8, -6.0],
            [106.3, -6.0],
            [106.3, -6.4],
          ],
        ],
      },
    },
  ],
};
const project = projection(square, FRAME, 10);

const apart = (a: Mark, b: Mark) =>
  Math.abs(a.x - b.x) >= 2 * MARK_R - 0.01 || Math.abs(a.y - b.y) >= 2 * MARK_R - 0.01;

describe("the wall's map", () => {
  it("fits the regency into its frame, north up and in the middle", () => {
    const [west, south] = project(106.3, -6.4);
    const [east, north] = project(106.8, -6.0);
    expect(north).toBeCloseTo(10);
    expect(south).toBeCloseTo(542);
    expect((west + east) / 2).toBeCloseTo(FRAME.width / 2);
  });

  it("draws a border as one closed path", () => {
    expect(outline(square, project)).toMatch(/^M\d+,\d+( \d+,\d+){4}Z$/);
  });

  it("moves marks of one place apart, so that each is seen", () => {
    const same = [1, 2, 3, 4, 5].map((n) => incident(n, { lon: 106.55, lat: -6.2 }));
    const marks = marksOf(same, project, FRAME);
    for (const a of marks) for (const b of marks) expect(a === b || apart(a, b)).toBe(true);
  });

  it("keeps marks beyond the border in the frame, and draws none without a point", () => {
    const marks = marksOf(
      [incident(1, { lon: 108, lat: -7 }), incident(2, { lon: null, lat: null })],
      project,
      FRAME,
    );
    expect(marks).toHaveLength(1);
    expect(marks[0]?.x).toBeLessThanOrEqual(FRAME.width - MARK_R);
    expect(marks[0]?.y).toBeLessThanOrEqual(FRAME.height - MARK_R);
  });

  it("writes the kecamatan and its count beside its marks, over no other mark and no other name", () => {
    const found = [
      incident(1, { kecamatan_code: "a", lon: 106.5, lat: -6.2 }),
      incident(2, { kecamatan_code: "a", lon: 106.51, lat: -6.2 }),
      incident(3, { kecamatan_code: "b", lon: 106.6, lat: -6.2, priority: "P2" }),
    ];
    const marks = marksOf(found, project, FRAME);
    const names = placeNames(
      byKecamatan(found),
      marks,
      (code) => (code === "a" ? "Pasar Kemis" : "Rajeg"),
      FRAME,
    );
    expect(names.map((name) => name.text)).toEqual(["Pasar Kemis 2", "Rajeg 1"]);
    expect(names[0]?.anchor).toBe("end");
  });
});

describe("the wall's roads", () => {
  it("are one path for each class, without points that fall on one pixel", () => {
    const roads: FeatureCollection = {
      type: "FeatureCollection",
      features: [
        {
          type: "Feature",
          properties: { class: "motorway" },
          geometry: {
            type: "MultiLineString",
            coordinates: [
              [
                [106.4, -6.2],
                [106.40001, -6.2],
                [106.5, -6.2],
              ],
              [
                [106.6, -6.1],
                [106.6, -6.2],
              ],
            ],
          },
        },
      ],
    };
    const [motorway] = roadLines(roads, project);
    expect(motorway?.kind).toBe("motorway");
    expect(motorway?.d.match(/M/g)).toHaveLength(2);
    expect(motorway?.d.split(" ")).toHaveLength(3);
  });
});
