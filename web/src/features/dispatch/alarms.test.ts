import { expect, it } from "vitest";
import { ago, assignment, incident, NOW, policy, tables } from "../assignment/given";
import { alarmsAt, lastAcknowledged } from "./alarms";

const room = (more: Parameters<typeof assignment>[1]) =>
  tables({
    incidents: [
      incident(42, { opened_at: ago(10) }),
      incident(39, { state: "assigned" }),
      incident(36, { priority: "P2" }),
    ],
    assignments: [
      assignment("a39", { incident_id: "i-39", sent_at: ago(134), escalation: "supervisor", ...more }),
      assignment("a36", { incident_id: "i-36", state: "acknowledged", acknowledged_at: ago(365) }),
    ],
  });

it("names the worst first and leaves out what is in time", () => {
  const alarms = alarmsAt(room({}), policy, NOW);
  expect(alarms.map((one) => [one.level, one.incident.short_number])).toEqual([
    [1, 39],
    [2, 36],
  ]);
});

it("alarms when nobody was sent in time", () => {
  const alarms = alarmsAt(room({}), policy, NOW + 60);
  expect(alarms.find((one) => one.incident.short_number === 42)).toMatchObject({
    level: 2,
    assignment: null,
  });
});

it("keeps an acknowledged alarm on the list, silent", () => {
  const [first] = alarmsAt(room({ alarm_acknowledged_at: ago(3) }), policy, NOW);
  expect(first).toMatchObject({ level: 1, acknowledged: true });
});

it("remembers when an alarm was last acknowledged", () => {
  expect(lastAcknowledged(room({ alarm_acknowledged_at: ago(3) }).assignment)).toBe(ago(3));
  expect(lastAcknowledged({})).toBeNull();
});
