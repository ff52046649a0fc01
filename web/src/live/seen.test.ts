import { describe, expect, it } from "vitest";
import { Problem } from "@/api/http";
import { seenRev, versionTold } from "./seen";

const opened = { rev: 3, type: "FIR01", state: "new", results: { PLN: "done" } };

describe("the version that a person decided on", () => {
  it("is the present one while what is overwritten is as it was opened", () => {
    const now = { ...opened, rev: 5, state: "assigned", results: { PLN: "done" } };
    expect(seenRev(opened, now, ["type", "results"])).toBe(5);
  });

  it("is the one that was opened once somebody has changed what is overwritten", () => {
    expect(seenRev(opened, { ...opened, rev: 5, type: "FIR02" }, ["type"])).toBe(3);
    expect(seenRev(opened, { ...opened, rev: 4, results: { PLN: "other" } }, ["results"])).toBe(3);
  });

  it("is told by a refusal as stale alone", () => {
    expect(versionTold(new Problem(409, "stale", "", "", { rev: 7 }))).toBe(7);
    expect(versionTold(new Problem(409, "incident.over", "", "", { rev: 7 }))).toBeNull();
    expect(versionTold(new Error("away"))).toBeNull();
  });
});
