import { expect, it } from "vitest";
import { ago, assignment, catalogue, incident, tables, unit } from "../assignment/given";
import { parseCommand } from "./command";

const room = tables({
  incidents: [
    incident(42),
    incident(41, { state: "closed", opened_at: ago(90_000), id: "i-old" } as never),
    incident(39, { state: "assigned" }),
  ],
  assignments: [assignment("a39", { incident_id: "i-39", unit_id: "u-DMK-03" })],
  units: [unit("DMK-07"), unit("DMK-01"), unit("DMK-03", { assignment_id: "a39", status: "dispatched" })],
});
const lexicon = { tables: room, reasons: catalogue.cancel_reasons, chosen: null };
const parse = (line: string) => parseCommand(line, lexicon);

it("sends units to an incident, however their call signs are typed", () => {
  const command = parse("kirim DMK-07 dmk1 42");
  expect(command.kind).toBe("send");
  if (command.kind !== "send") return;
  expect(command.targets.map((one) => one.unit?.code)).toEqual(["DMK-07", "DMK-01"]);
  expect(command.incident.short_number).toBe(42);
});

it("sends an agency, and to the chosen incident when no number is typed", () => {
  const chosen = room.incident["i-42"] ?? null;
  const command = parseCommand("kirim pln", { ...lexicon, chosen });
  expect(command).toMatchObject({ kind: "send", targets: [{ unit: null, agency: { id: "PLN" } }] });
});

it("says which word it does not know", () => {
  expect(parse("kirim DMK-99 42")).toMatchObject({ kind: "incomplete", say: "unknown_unit", word: "DMK-99" });
  expect(parse("kirim DMK-07 77")).toMatchObject({ say: "unknown_incident", word: "77" });
  expect(parse("kirim DMK-07")).toMatchObject({ say: "incident" });
  expect(parse("kirim")).toMatchObject({ say: "unit" });
  expect(parse("terbang")).toMatchObject({ say: "verb", word: "terbang" });
});

it("takes a unit back, with a reason said in part of its words", () => {
  expect(parse("batal DMK-03 keliru")).toMatchObject({
    kind: "cancel",
    assignment: { id: "a39" },
    reason: "wrong_unit",
  });
  expect(parse("batal DMK-03 39")).toMatchObject({ kind: "cancel", reason: null });
  expect(parse("batal DMK-07")).toMatchObject({ say: "no_job", word: "DMK-07" });
});

it("cancels an incident by its number", () => {
  expect(parse("batal 42")).toMatchObject({ kind: "cancel_incident", incident: { short_number: 42 } });
});

it("replaces one unit by another", () => {
  expect(parse("ganti DMK-03 DMK-07 tidak dijawab")).toMatchObject({
    kind: "replace",
    from: { code: "DMK-03" },
    to: { code: "DMK-07" },
    reason: "no_answer",
  });
});

it("closes and finds", () => {
  expect(parse("tutup 42")).toMatchObject({ kind: "close", incident: { short_number: 42 } });
  expect(parse("cari gang melati")).toEqual({ kind: "find", words: "gang melati" });
});
