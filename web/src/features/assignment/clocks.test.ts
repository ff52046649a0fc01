import { describe, expect, it } from "vitest";
import { assignmentClock, byUrgency, incidentClock, leftS, stageOf } from "./clocks";
import { agency, ago, assignment, incident, NOW, policy } from "./given";

const parts = (more: Partial<Parameters<typeof incidentClock>[0]>) => ({
  incident: incident(42),
  assignments: [],
  agencies: {},
  call: undefined,
  ...more,
});

describe("the clock of an assignment", () => {
  it("counts down to the moment at which the next unit is proposed", () => {
    const clock = assignmentClock(assignment("a", { sent_at: ago(46) }), "P1", policy);
    expect(clock?.wait).toBe("acknowledge");
    expect(clock && leftS(clock, NOW)).toBe(14);
    expect(clock && stageOf(clock, NOW)).toBe("near");
  });

  it("is late past its limit, and escalated once the supervisor was told", () => {
    const late = assignmentClock(assignment("a", { sent_at: ago(70) }), "P1", policy);
    expect(late && stageOf(late, NOW)).toBe("late");
    const told = assignment("a", { sent_at: ago(134), escalation: "supervisor", escalated_at: ago(14) });
    const escalated = assignmentClock(told, "P1", policy);
    expect(escalated && stageOf(escalated, NOW)).toBe("escalated");
    expect(escalated && leftS(escalated, NOW)).toBe(-74);
    expect(escalated?.blinking).toBe(true);
  });

  it("keeps its colour but stops blinking when somebody has acknowledged the alarm", () => {
    const heard = assignment("a", { escalation: "agency_head", alarm_acknowledged_at: ago(1) });
    expect(assignmentClock(heard, "P1", policy)).toMatchObject({ escalated: true, blinking: false });
  });

  it("gives a journey one and a half times what was promised, and never less than two minutes", () => {
    const away = { state: "departed" as const, departed_at: ago(0) };
    expect(assignmentClock(assignment("a", { ...away, eta_s: 240 }), "P1", policy)?.limitS).toBe(360);
    expect(assignmentClock(assignment("a", { ...away, eta_s: 20 }), "P1", policy)?.limitS).toBe(120);
    expect(assignmentClock(assignment("a", away), "P1", policy)?.limitS).toBe(900);
  });

  it("waits for no departure of those who are only told", () => {
    const told = assignment("a", { role: "inform", state: "acknowledged", acknowledged_at: ago(5) });
    expect(assignmentClock(told, "P1", policy, agency("PLN"))).toBeNull();
    const receives = assignment("a", { state: "acknowledged", acknowledged_at: ago(5) });
    expect(assignmentClock(receives, "P1", policy, agency("RSU", { sends_crews: false }))).toBeNull();
  });

  it("asks for the result of what is done", () => {
    const done = assignment("a", { state: "done", done_at: ago(720) });
    const clock = assignmentClock(done, "P2", policy);
    expect(clock?.wait).toBe("result");
    expect(clock && leftS(clock, NOW)).toBe(2880);
    expect(assignmentClock({ ...done, result: "rescued" }, "P2", policy)).toBeNull();
    expect(assignmentClock({ ...done, masked: true }, "P2", policy)).toBeNull();
  });
});

describe("the clock of an incident", () => {
  it("runs from the answer of its call while nobody is sent", () => {
    const clock = incidentClock(parts({ call: { answered_at: ago(46) } as never }), policy, NOW);
    expect(clock).toMatchObject({ wait: "send", limitS: 60 });
    expect(leftS(clock, NOW)).toBe(14);
  });

  it("starts anew when the last one sent fell away", () => {
    const refused = assignment("a", { state: "refused", ended_at: ago(7) });
    const clock = incidentClock(parts({ assignments: [refused] }), policy, NOW);
    expect(clock).toMatchObject({ wait: "send", from: ago(7) });
  });

  it("is that of its most urgent job", () => {
    const near = assignment("a", { state: "departed", departed_at: ago(100), eta_s: 120 });
    const calm = assignment("b", { state: "arrived", arrived_at: ago(400) });
    const clock = incidentClock(parts({ assignments: [calm, near] }), policy, NOW);
    expect(clock.wait).toBe("arrive");
  });

  it("shows how long they are there when nothing is due", () => {
    const there = assignment("a", { state: "arrived", arrived_at: ago(720) });
    const clock = incidentClock(parts({ assignments: [there] }), policy, NOW);
    expect(clock).toMatchObject({ wait: "on_scene", limitS: null, from: ago(720) });
  });

  it("says that it can be closed once it is resolved", () => {
    const done = incident(42, { state: "resolved", resolved_at: ago(60) });
    expect(incidentClock(parts({ incident: done }), policy, NOW)).toMatchObject({ wait: "close" });
  });
});

it("orders by stage, then by what is left", () => {
  const over = assignmentClock(assignment("a", { sent_at: ago(200) }), "P1", policy);
  const raised = assignmentClock(
    assignment("b", { sent_at: ago(130), escalation: "supervisor" }),
    "P1",
    policy,
  );
  const calm = assignmentClock(assignment("c"), "P1", policy);
  if (!over || !raised || !calm) throw new Error("every job that is sent has a clock");
  expect([calm, over, raised].sort((a, b) => byUrgency(a, b, NOW))).toEqual([raised, over, calm]);
});
