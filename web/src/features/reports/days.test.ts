import { describe, expect, it } from "vitest";
import { dayAfter, dayBefore, dayFrom, isDay } from "./days";

describe("days", () => {
  it("go back over months and leap days", () => {
    expect(dayBefore("2026-12-01")).toBe("2026-11-30");
    expect(dayBefore("2028-03-01")).toBe("2028-02-29");
  });

  it("end with today", () => {
    expect(dayAfter("2026-11-23", "2026-11-24")).toBe("2026-11-24");
    expect(dayAfter("2026-11-24", "2026-11-24")).toBeNull();
  });

  it("are days only when whole", () => {
    expect(["2026-11-24", "2026-13-01", "", "24-11-2026"].map(isDay)).toEqual([true, false, false, false]);
  });

  it.each([
    ["24-11-2026", "2026-11-24"],
    ["3/1/2026", "2026-01-03"],
    ["2026-11-24", "2026-11-24"],
    ["Selasa, 24 November 2026", "2026-11-24"],
    ["24 Agustus", "2026-08-24"],
    ["24 Dec", "2025-12-24"],
    ["30/11", "2025-11-30"],
    ["24", "2026-11-24"],
    ["26", "2026-10-26"],
    ["30-02-2026", null],
    ["24-13", null],
    ["besok", null],
    ["", null],
    ["1 2 2026 3", null],
  ])("are read as typed: %s", (typed, day) => {
    expect(dayFrom(typed, "2026-11-25")).toBe(day);
  });
});
