/** The alarms of the desk: what is late or escalated, the worst first. One strip shows the first. Pure. */
import type { Assignment, Incident, Tables } from "@/live/rows";
import {
  assignmentClock,
  byUrgency,
  type ClockPolicy,
  incidentClock,
  isLive,
  type JobClock,
  stageOf,
} from "../assignment/clocks";
import { byIncident, isOpen } from "./board";

export type DeskAlarm = {
  level: 1 | 2;
  incident: Incident;
  /** Null: nobody has been sent in time. */
  assignment: Assignment | null;
  clock: JobClock;
  /** Somebody has acknowledged this step: no sound, no blinking. */
  acknowledged: boolean;
};

function unsent(
  incident: Incident,
  assignments: Assignment[],
  tables: Tables,
  policy: ClockPolicy,
  nowS: number,
) {
  if (assignments.some(isLive) || incident.state === "resolved") return null;
  const call = incident.first_call_id ? tables.call[incident.first_call_id] : undefined;
  const clock = incidentClock({ incident, assignments, agencies: tables.agency, call }, policy, nowS);
  if (stageOf(clock, nowS) !== "late") return null;
  return { level: 2 as const, incident, assignment: null, clock, acknowledged: false };
}

/** Everything that alarms at server second `nowS`. Level 1 not acknowledged comes first, then by urgency. */
export function alarmsAt(tables: Tables, policy: ClockPolicy, nowS: number): DeskAlarm[] {
  const sent = byIncident(tables.assignment);
  const found: DeskAlarm[] = [];
  for (const incident of Object.values(tables.incident).filter(isOpen)) {
    const assignments = sent.get(incident.id) ?? [];
    const nobody = unsent(incident, assignments, tables, policy, nowS);
    if (nobody) found.push(nobody);
    for (const assignment of assignments.filter(isLive)) {
      const clock = assignmentClock(assignment, incident.priority, policy, tables.agency[assignment.agency]);
      const stage = clock ? stageOf(clock, nowS) : "normal";
      if (!clock || (stage !== "late" && stage !== "escalated")) continue;
      found.push({
        level: stage === "escalated" ? 1 : 2,
        incident,
        assignment,
        clock,
        acknowledged: assignment.alarm_acknowledged_at !== null,
      });
    }
  }
  return found.sort(
    (a, b) =>
      a.level - b.level ||
      Number(a.acknowledged) - Number(b.acknowledged) ||
      byUrgency(a.clock, b.clock, nowS),
  );
}

/** The alarm that was acknowledged last, for the quiet strip: "terakhir 19:42:04". */
export function lastAcknowledged(assignments: Tables["assignment"]): string | null {
  const times = Object.values(assignments).map((one) => one.alarm_acknowledged_at);
  return (
    times
      .filter((at) => at !== null)
      .sort()
      .at(-1) ?? null
  );
}
