import { describe, expect, it } from "vitest";
import { clockText, histogram, niceTop, spread, topRows } from "./figures";

const bins = (filled: Record<number, number>) =>
  Array.from({ length: 31 }, (_, minute) => filled[minute] ?? 0);

describe("the figures", () => {
  it("write seconds up to 99, then minutes; unknown is a dash", () => {
    expect([4, 99, 100, 700].map((s) => clockText(s, "dtk"))).toEqual(["4 dtk", "99 dtk", "1:40", "11:40"]);
    expect(clockText(null, "dtk")).toBe("–");
  });

  it("count a minute as late from the target on, and say no share under five values", () => {
    const full = histogram(bins({ 8: 3, 14: 1, 15: 1, 20: 1 }), 900);
    expect(full.n).toBe(6);
    expect(full.lateShare).toBeCloseTo(2 / 6);
    expect(full.bins.find((bin) => bin.minute === 14)?.late).toBe(false);
    expect(full.bins.find((bin) => bin.minute === 15)?.late).toBe(true);
    expect(histogram(bins({ 8: 4 }), 900).lateShare).toBeNull();
  });

  it("show the target also where nothing came near it", () => {
    const minutes = histogram(bins({ 3: 6 }), 900).bins.map((bin) => bin.minute);
    expect(minutes[0]).toBe(3);
    expect(minutes.at(-1)).toBe(16);
  });

  it("put what has no room into one line, and lose none", () => {
    const rows = [5, 4, 3, 2, 1, 0].map((count, n) => ({ code: String(n), name: `K${n}`, count }));
    expect(topRows(rows, 5)).toMatchObject({ others: 0 });
    const short = topRows(rows, 3);
    expect(short.shown.map((row) => row.count)).toEqual([5, 4]);
    expect(short).toMatchObject({ others: 3, othersCount: 6 });
  });

  it("end an axis on a number that can be halved", () => {
    expect([0, 3, 19, 61, 4321].map(niceTop)).toEqual([2, 4, 20, 70, 5000]);
  });

  it("move words at the end of lines apart, inside the chart and in their order", () => {
    const placed = spread([170, 172, 30], 18, 20, 176);
    expect(placed[2]).toBe(30);
    expect((placed[1] ?? 0) - (placed[0] ?? 0)).toBeGreaterThanOrEqual(18);
    expect(Math.max(...placed)).toBeLessThanOrEqual(176);
  });
});
