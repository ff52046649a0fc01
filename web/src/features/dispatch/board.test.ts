import { describe, expect, it } from "vitest";
import { ago, assignment, incident, NOW, policy, tables } from "../assignment/given";
import { boardAt, inOrder, keepPlaces } from "./board";

const numbers = (board: ReturnType<typeof boardAt>) => inOrder(board).map((row) => row.incident.short_number);

const room = tables({
  incidents: [
    incident(42, { opened_at: ago(46) }),
    incident(39, { state: "assigned" }),
    incident(36, { priority: "P2", state: "assigned" }),
    incident(40, { state: "en_route" }),
    incident(38, { priority: "P2", state: "on_scene" }),
    incident(31, { state: "resolved", resolved_at: ago(300) }),
    incident(30, { state: "closed", closed_at: ago(900) }),
    incident(29, { state: "closed", closed_at: ago(90_000) }),
  ],
  assignments: [
    assignment("a39", { incident_id: "i-39", sent_at: ago(134), escalation: "supervisor" }),
    assignment("a36", { incident_id: "i-36", state: "acknowledged", acknowledged_at: ago(365) }),
    assignment("a40", { incident_id: "i-40", state: "departed", departed_at: ago(60), eta_s: 200 }),
    assignment("a38", { incident_id: "i-38", state: "arrived", arrived_at: ago(720) }),
    assignment("old", { incident_id: "i-40", state: "refused", sent_at: ago(500), ended_at: ago(400) }),
  ],
});

describe("the dispatch list", () => {
  it("puts what is late on top, escalated first, then the nearest limit, then what can be closed", () => {
    const board = boardAt(room, policy, NOW);
    expect(board.groups.map((group) => group.id)).toEqual(["late", "open", "close"]);
    expect(numbers(board)).toEqual([39, 36, 42, 40, 38, 31]);
    expect(board.groups[0]?.rows.map((row) => row.stage)).toEqual(["escalated", "late"]);
  });

  it("counts what is open, what is critical and what was ended today in WIB", () => {
    expect(boardAt(room, policy, NOW)).toMatchObject({ open: 6, p1: 4, closedToday: 1 });
  });

  it("shows only P1 when asked", () => {
    expect(numbers(boardAt(room, policy, NOW, "P1"))).toEqual([39, 42, 40, 31]);
  });

  it("names those on their way before the tries that ended", () => {
    const row = inOrder(boardAt(room, policy, NOW)).find((one) => one.incident.short_number === 40);
    expect(row?.assignments.map((one) => one.id)).toEqual(["a40", "old"]);
  });

  it("moves an incident into the late group by time alone", () => {
    const later = boardAt(room, policy, NOW + 20);
    expect(later.groups[0]?.rows.map((row) => row.incident.short_number)).toContain(42);
  });

  it("keeps the order of a group while somebody is on the list", () => {
    const before = boardAt(room, policy, NOW);
    const sent = tables({
      incidents: [...Object.values(room.incident), incident(43, { opened_at: ago(55) })],
      assignments: Object.values(room.assignment),
    });
    const fresh = boardAt(sent, policy, NOW);
    expect(numbers(fresh)).toEqual([39, 36, 43, 42, 40, 38, 31]);
    expect(numbers(keepPlaces(fresh, before))).toEqual([39, 36, 42, 40, 38, 43, 31]);
  });
});
