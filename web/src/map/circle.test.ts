import { describe, expect, it } from "vitest";
import { circle, metresBetween } from "./circle";

describe("a circle on the ground", () => {
  it("has its radius all around, within half a percent", () => {
    const ring = circle(106.5, -6.2, 365).geometry.coordinates[0] ?? [];
    expect(ring[0]).toEqual(ring.at(-1));
    for (const [lon, lat] of ring as [number, number][]) {
      expect(Math.abs(metresBetween(106.5, -6.2, lon, lat) - 365)).toBeLessThan(365 * 0.005);
    }
  });

  it("knows a kilometre", () => {
    expect(metresBetween(106.5, -6.2, 106.5, -6.19101)).toBeCloseTo(1000, -1);
  });
});
