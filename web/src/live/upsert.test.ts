import { describe, expect, it } from "vitest";
import type { Change } from "./rows";
import { emptyTables, upsert } from "./upsert";

const row = (rev: number, state: string): Change => ({ table: "call", id: "c1", rev, row: { state } });

describe("upsert", () => {
  it("keeps the newest row, whatever the order", () => {
    const tables = upsert(emptyTables(), [row(2, "answered"), row(1, "offered")]);
    expect(tables.call.c1).toEqual({ id: "c1", rev: 2, state: "answered" });
  });

  it("takes the same rev again: who may see it has changed", () => {
    const masked = upsert(emptyTables(), [{ table: "incident", id: "i1", rev: 3, row: { masked: true } }]);
    const open = upsert(masked, [{ table: "incident", id: "i1", rev: 3, row: { type: "PPA01" } }]);
    expect(open.incident.i1).toEqual({ id: "i1", rev: 3, type: "PPA01" });
  });

  it("removes a row that is no longer ours to see, but not a newer one", () => {
    const before = upsert(emptyTables(), [row(4, "closed")]);
    expect(upsert(before, [{ table: "call", id: "c1", rev: 3, row: null }]).call.c1).toBeDefined();
    expect(upsert(before, [{ table: "call", id: "c1", rev: 5, row: null }]).call.c1).toBeUndefined();
  });

  it("removes a row that the server takes away without saying a rev", () => {
    const before = upsert(emptyTables(), [row(4, "closed")]);
    expect(upsert(before, [{ table: "call", id: "c1", rev: null, row: null }]).call.c1).toBeUndefined();
  });

  it("leaves the tables it did not touch as they were", () => {
    const before = emptyTables();
    const after = upsert(before, [row(1, "offered")]);
    expect(after.unit).toBe(before.unit);
    expect(before.call).toEqual({});
  });

  it("keeps a table this build does not know", () => {
    const after = upsert(emptyTables(), [{ table: "hospital", id: "h1", rev: 1, row: { beds: 3 } }]);
    expect(after).toMatchObject({ hospital: { h1: { beds: 3, rev: 1 } } });
  });
});
