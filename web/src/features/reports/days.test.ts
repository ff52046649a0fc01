import { describe, expect, it } from "vitest";
import { dayAfter, dayBefore, isDay } from "./days";

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
});
