import { expect, it } from "vitest";
import { unit } from "../assignment/given";
import {
  answeredFor,
  insteadOf,
  markedAtFirst,
  nextBest,
  ordersOf,
  type ProposalRow,
  proposalRows,
} from "./proposal";

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

const pmi = { ...proposed("p1"), reason_facts: { stands_for: "PSC" } };

it("takes a reserve's unit for the agency that was called for, once, and lets it lead there", () => {
  const reserve = { units: [pmi, proposed("a5"), proposed("d7")], inform: [] };
  const whose = (id: string) => (id === "p1" ? "PMI" : AGENCY[id]);
  const rows = proposalRows(reserve, whose, none, called);
  const marked = markedAtFirst(rows, none, called);
  expect([...marked]).toEqual(["p1", "d7"]);
  expect(ordersOf(rows, marked, "PSC")).toEqual([
    { agency: "PMI", unit_id: "p1", role: "lead" },
    { agency: "BPBD_DAMKAR", unit_id: "d7", role: "assist" },
  ]);
  const sent = answeredFor([{ agency: "PMI", unit_id: "p1" }], reserve);
  expect([...markedAtFirst(proposalRows(reserve, whose, sent, called), sent, called)]).toEqual(["d7"]);
});

it("offers anybody who is free instead of a unit, its own kind first, never who was turned down", () => {
  const units = [
    unit("AMB-01", { type: "als_ambulance" }),
    unit("DMK-05"),
    unit("DMK-06", { assignment_id: "a" }),
    unit("DMK-07"),
    unit("DMK-08", { status: "out_of_service" }),
    unit("DMK-09"),
  ];
  const known = {
    units: [proposed("u-AMB-01"), proposed("u-DMK-07"), proposed("u-DMK-09", false)],
    inform: [],
  };
  const found = insteadOf("fire_engine", known, units);
  expect(found.map((one) => [one.unit.code, one.etaS])).toEqual([
    ["DMK-07", 240],
    ["DMK-05", null],
    ["AMB-01", 240],
  ]);
});
