import { describe, expect, it } from "vitest";
import type { Call, Seat } from "@/live/rows";
import { agency, ago, assignment, incident, NOW, policy, tables } from "../assignment/given";
import { byKecamatan, waitingCalls, wallAt } from "./wallRoom";

const call = (id: string, more: Partial<Call>) =>
  ({ id, rev: 1, state: "queued", offered_at: ago(14), ...more }) as Call;
const seat = (id: string, state: Seat["state"]): Seat => ({
  id,
  rev: 1,
  account_id: null,
  state,
  reason: null,
  since: ago(60),
});

const room = tables({
  incidents: [
    incident(42, { opened_at: ago(46), first_call_offered_at: ago(46) }),
    incident(39, { state: "assigned" }),
    incident(36, { priority: "P2", state: "assigned" }),
    incident(30, { state: "closed", closed_at: ago(900) }),
  ],
  agencies: [agency("DINKES_PSC119", { short_name: "PSC 119" })],
  assignments: [
    assignment("a39", {
      incident_id: "i-39",
      agency: "DINKES_PSC119",
      sent_at: ago(134),
      escalation: "supervisor",
    }),
    assignment("a36", { incident_id: "i-36", state: "acknowledged", acknowledged_at: ago(365) }),
  ],
});
room.call = {
  a: call("a", { offered_at: ago(5), state: "alerting" }),
  b: call("b", {}),
  c: call("c", { state: "answered" }),
};
room.seat = {
  "meja-1": seat("meja-1", "ready"),
  "meja-2": seat("meja-2", "talking"),
  "meja-3": seat("meja-3", "not_ready"),
  penyelia: seat("penyelia", "signed_out"),
};

describe("the wall", () => {
  it("counts callers nobody has answered, and how long the first of them waits", () => {
    expect(waitingCalls(room.call).map((one) => one.id)).toEqual(["b", "a"]);
    expect(wallAt(room, policy, NOW)).toMatchObject({ waiting: 2, waitingSince: ago(14) });
  });

  it("counts ready seats of those where somebody sits", () => {
    expect(wallAt(room, policy, NOW)).toMatchObject({ seatsReady: 1, seatsManned: 3 });
  });

  it("counts open, critical, late and finished incidents", () => {
    expect(wallAt(room, policy, NOW)).toMatchObject({ open: 3, p1: 2, late: 2, closedToday: 1 });
  });

  it("puts the escalated on top and names the agency that is late; on time it names none", () => {
    const rows = wallAt(room, policy, NOW).rows.map(({ row, late }) => [
      row.incident.short_number,
      late?.agency,
    ]);
    expect(rows).toEqual([
      [39, "DINKES_PSC119"],
      [36, "BPBD_DAMKAR"],
      [42, undefined],
    ]);
  });

  it("groups by kecamatan, the most urgent first, those outside together", () => {
    const groups = byKecamatan([
      incident(1, { priority: "P3", kecamatan_code: "36.03.17" }),
      incident(2, { priority: "P3", kecamatan_code: "36.03.17" }),
      incident(3, { priority: "P1", kecamatan_code: "36.03.12" }),
      incident(4, { priority: "P4", kecamatan_code: null }),
    ]);
    expect(groups.map(({ code, incidents, worst }) => [code, incidents.length, worst])).toEqual([
      ["36.03.12", 1, "P1"],
      ["36.03.17", 2, "P3"],
      [null, 1, "P4"],
    ]);
  });
});
