import { expect, it } from "vitest";
import type { LonLat } from "../assignment/route";
import { metresLeft, nextTurn, viewOf } from "./turns";

// About 1,111 m north, then about 1,105 m east.
const line: LonLat[] = [
  [106.5, -6.2],
  [106.5, -6.195],
  [106.5, -6.19],
  [106.51, -6.19],
];

it("names the next turn and how far it is", () => {
  const turn = nextTurn(line, [106.5, -6.1918]);
  expect(turn?.side).toBe("right");
  expect(Math.round((turn?.metres ?? 0) / 10) * 10).toBe(200);
});

it("turns left on the way back", () => {
  expect(nextTurn([...line].reverse(), [106.505, -6.19])?.side).toBe("left");
});

it("says that nothing but the destination is left after the last turn", () => {
  const turn = nextTurn(line, [106.505, -6.1901]);
  expect(turn?.side).toBe("arrive");
  expect(Math.round((turn?.metres ?? 0) / 50) * 50).toBe(550);
});

it("takes a corner drawn in short pieces as one turn", () => {
  const round: LonLat[] = [
    [106.5, -6.2],
    [106.5, -6.19005],
    [106.50002, -6.19002],
    [106.50005, -6.19],
    [106.51, -6.19],
  ];
  expect(nextTurn(round, [106.5, -6.195])?.side).toBe("right");
});

it("counts what is left of the way along the way", () => {
  expect(Math.round(metresLeft(line, [106.5, -6.2]) / 100) * 100).toBe(2200);
});

it("looks at the whole way, and not nearer than a crew can read", () => {
  const view = viewOf(line);
  expect(view.lon).toBeCloseTo(106.505);
  expect(view.lat).toBeCloseTo(-6.195);
  expect(view.zoom).toBeGreaterThan(12);
  expect(view.zoom).toBeLessThan(15);
  expect(viewOf([[106.5, -6.2]]).zoom).toBe(15);
});
