import { expect, it } from "vitest";
import type { Waiting } from "@/api/outbox";
import { ago, assignment, catalogue, incident, tables, unit } from "../assignment/given";
import { endedElsewhere, type Kept, keptFrom, LANE, phoneOf } from "./phone";

const moves = catalogue.assignment_moves;
const own = unit("DMK-07", { assignment_id: "a" });
const job = assignment("a", { unit_id: own.id });
const room = tables({
  incidents: [incident(42)],
  assignments: [job, assignment("b", { unit_id: "u-DMK-01" })],
  units: [own, unit("DMK-01")],
});
const line = (path: string, more: Partial<Waiting> = {}): Waiting => ({
  key: path,
  path,
  body: {},
  label: "",
  at: ago(0),
  lane: LANE,
  ...more,
});

const kept = (from = room): Kept => {
  const found = keptFrom(from, own.id, null);
  if (!found) throw new Error("the room knows the unit");
  return found;
};

it("shows the task with who comes too, and what the thumb does next", () => {
  const phone = phoneOf(kept(), moves, []);
  expect(phone).toMatchObject({ state: "sent", next: "acknowledge", companions: ["DMK-01"] });
  expect(phone.incident?.short_number).toBe(42);
});

it("goes on by what was pressed, before the server knows of it", () => {
  const waiting = [line("/assignments/a/acknowledge"), line("/assignments/a/depart")];
  expect(phoneOf(kept(), moves, waiting)).toMatchObject({ state: "departed", next: "arrive", since: ago(0) });
});

it("is idle once the finish waits to be sent", () => {
  const there = { ...kept(), job: { ...job, state: "arrived" as const } };
  expect(phoneOf(there, moves, [line("/assignments/a/finish")])).toMatchObject({ job: null, next: null });
});

it("does not count what the server has refused", () => {
  const refused = line("/assignments/a/acknowledge", { refused: "Sudah ditarik." });
  expect(phoneOf(kept(), moves, [refused])).toMatchObject({ state: "sent" });
});

it("tells the crew when somebody else ended the task", () => {
  const cancelled = tables({
    units: [unit("DMK-07")],
    assignments: [{ ...job, state: "cancelled", reason: "no_longer_needed" }],
  });
  expect(endedElsewhere(kept(), cancelled, [])).toEqual({
    number: 42,
    state: "cancelled",
    reason: "no_longer_needed",
  });
  expect(endedElsewhere(kept(), tables({ units: [unit("DMK-07")] }), [])).toMatchObject({ state: "gone" });
});

it("says nothing when the crew finished it, or while the room is not known yet", () => {
  const done = tables({ units: [own], assignments: [{ ...job, state: "done" }] });
  expect(endedElsewhere(kept(), done, [])).toBeNull();
  expect(endedElsewhere(kept(), tables({}), [])).toBeNull();
  expect(endedElsewhere(kept(), tables({ units: [own] }), [line("/assignments/a/finish")])).toBeNull();
});
