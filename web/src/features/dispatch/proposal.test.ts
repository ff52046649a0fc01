import { expect, it } from "vitest";
import { markedAtFirst, nextBest, ordersOf, type ProposalRow, proposalRows } from "./proposal";

const AGENCY: Record<string, string> = { d7: "BPBD_DAMKAR", d1: "BPBD_DAMKAR", d5: "BPBD_DAMKAR", a5: "PSC" };
const agencyOf = (id: string) => AGENCY[id];
const proposed = (unit_id: string, suitable = true) => ({
  unit_id,
  eta_s: 240,
  turnout_s: 90,
  reason_code: "travel_time",
  reason_facts: {},
  suitable,
});
const advice = {
  units: [proposed("d7"), proposed("d1"), proposed("d5", false), proposed("a5")],
  inform: [
    { agency: "PLN", why: "by_type" },
    { agency: "POLRI", why: "police_area" },
  ],
};
const none = new Set<string>();
const called = ["BPBD_DAMKAR", "PSC"];
const ids = (rows: ProposalRow[]) => rows.map((row) => row.id);

it("puts the best of each agency first, then the next best, then whom to tell", () => {
  expect(ids(proposalRows(advice, agencyOf, none, called))).toEqual(["d7", "a5", "d1", "PLN", "POLRI"]);
});

it("puts helpers that the type does not call for behind those it calls for", () => {
  const rows = proposalRows(advice, agencyOf, none, ["BPBD_DAMKAR"]);
  expect(ids(rows)).toEqual(["d7", "d1", "a5", "PLN", "POLRI"]);
});

it("marks the best of each agency and all that are told", () => {
  const rows = proposalRows(advice, agencyOf, none, called);
  expect([...markedAtFirst(rows, none, ["BPBD_DAMKAR", "PSC"])]).toEqual(["d7", "a5", "PLN", "POLRI"]);
  expect([...markedAtFirst(rows, none, ["BPBD_DAMKAR"])]).toEqual(["d7", "PLN", "POLRI"]);
});

it("marks nothing of an agency that is on its way already", () => {
  const sent = new Set(["BPBD_DAMKAR", "PLN"]);
  const rows = proposalRows(advice, agencyOf, sent, called);
  expect(ids(rows)).toEqual(["a5", "d7", "d1", "POLRI"]);
  expect([...markedAtFirst(rows, sent, ["BPBD_DAMKAR", "PSC"])]).toEqual(["a5", "POLRI"]);
});

it("never has more rows than number keys", () => {
  const many = { units: Array.from({ length: 20 }, (_, n) => proposed(`d${n}`)), inform: advice.inform };
  const rows = proposalRows(many, () => "BPBD_DAMKAR", none, called);
  expect(rows).toHaveLength(9);
  expect(ids(rows).slice(-2)).toEqual(["PLN", "POLRI"]);
});

it("makes one dispatch of what is marked: the type's first agency leads", () => {
  const rows = proposalRows(advice, agencyOf, none, called);
  expect(ordersOf(rows, new Set(["d7", "a5", "PLN"]), "BPBD_DAMKAR")).toEqual([
    { agency: "BPBD_DAMKAR", unit_id: "d7", role: "lead" },
    { agency: "PSC", unit_id: "a5", role: "assist" },
    { agency: "PLN", role: "inform" },
  ]);
});

it("finds the next best of the same agency, else of any", () => {
  expect(nextBest(advice, agencyOf, { unitId: "d7", agency: "BPBD_DAMKAR" })?.unit_id).toBe("d1");
  expect(nextBest(advice, agencyOf, { unitId: "a5", agency: "PSC" })?.unit_id).toBe("d7");
});
