/**
 * The clocks of a job: what it waits for, since when, how long that may last, how far the room has raised it. Pure.
 * Limits come from the server's catalogue; the number on the screen is the distance to them.
 */
import type { Catalogue } from "@/api/catalogue";
import type { Agency, Assignment, Call, Incident, Priority } from "@/live/rows";
import { type ClockStage, clockFace } from "@/ui/clockStage";

export type ClockPolicy = Catalogue["clocks"];

type Wait = "send" | "acknowledge" | "depart" | "arrive" | "on_scene" | "told" | "result" | "close";

export type JobClock = {
  /** What is waited for; its words are `clock.<wait>`. */
  wait: Wait;
  from: string;
  /** Null: nothing is due, the time that has passed is shown instead. */
  limitS: number | null;
  escalated: boolean;
  /** The room has raised it although its own limit may not be reached by this screen's reckoning. */
  late: boolean;
  blinking: boolean;
};

const LIVE: ReadonlySet<string> = new Set(["sent", "acknowledged", "departed", "arrived"]);

/** Not ended: it holds its unit and keeps its incident open. */
export function isLive(assignment: Assignment): boolean {
  return LIVE.has(assignment.state);
}

/** Level 1: the room has told the supervisor or the agency's head. */
export function isEscalated(assignment: Assignment): boolean {
  return assignment.escalation === "supervisor" || assignment.escalation === "agency_head";
}

function raised(assignment: Assignment): Pick<JobClock, "escalated" | "late" | "blinking"> {
  const escalated = isEscalated(assignment);
  return {
    escalated,
    late: assignment.escalation === "next_unit",
    blinking: escalated && assignment.alarm_acknowledged_at === null,
  };
}

const CALM = { escalated: false, late: false, blinking: false };

/** How long the journey of an assignment may take, seconds; the server's alarm uses the same rule. */
function arriveLimit(assignment: Assignment, policy: ClockPolicy): number {
  if (assignment.eta_s === null) return policy.arrive_default_s;
  return Math.max(policy.arrive_least_s, Math.round(assignment.eta_s * policy.arrive_factor));
}

/** Whether somebody will drive: a unit is named, or its agency will name one. */
function goes(a: Assignment, agency: Agency | undefined): boolean {
  return a.unit_id !== null || (a.role !== "inform" && agency?.sends_crews !== false);
}

/** The clock of one assignment; null once nothing more is waited for. */
export function assignmentClock(
  a: Assignment,
  priority: Priority,
  policy: ClockPolicy,
  agency?: Agency,
): JobClock | null {
  const limits = policy.by_priority[priority];
  switch (a.state) {
    case "sent":
      return { wait: "acknowledge", from: a.sent_at, limitS: limits.next_unit_s, ...raised(a) };
    case "acknowledged":
      if (!goes(a, agency)) return null;
      return { wait: "depart", from: a.acknowledged_at ?? a.sent_at, limitS: limits.depart_s, ...raised(a) };
    case "departed":
      return {
        wait: "arrive",
        from: a.departed_at ?? a.sent_at,
        limitS: arriveLimit(a, policy),
        ...raised(a),
      };
    case "arrived":
      return { wait: "on_scene", from: a.arrived_at ?? a.sent_at, limitS: null, ...CALM };
    case "done":
      // Whether a masked job still owes its result is not told here.
      if (a.masked || a.result !== null || a.role === "inform") return null;
      return { wait: "result", from: a.done_at ?? a.sent_at, limitS: policy.result_s ?? null, ...CALM };
    default:
      return null;
  }
}

export function stageOf(clock: JobClock, nowS: number): ClockStage {
  if (clock.escalated) return "escalated";
  if (clock.limitS === null) return clock.late ? "late" : "normal";
  const { stage } = clockFace(Date.parse(clock.from), clock.limitS, nowS, false);
  return clock.late ? "late" : stage;
}

/** Seconds left to the limit, negative when over; infinite where there is none. */
export function leftS(clock: JobClock, nowS: number): number {
  if (clock.limitS === null) return Number.POSITIVE_INFINITY;
  return clock.limitS - (nowS - Math.floor(Date.parse(clock.from) / 1000));
}

const STAGES: readonly ClockStage[] = ["normal", "near", "late", "escalated"];

/** The more urgent first: higher stage, then less time left, then the older. */
export function byUrgency(a: JobClock, b: JobClock, nowS: number): number {
  const stages = STAGES.indexOf(stageOf(b, nowS)) - STAGES.indexOf(stageOf(a, nowS));
  if (stages !== 0) return stages;
  const left = leftS(a, nowS) - leftS(b, nowS);
  if (left !== 0 && !Number.isNaN(left)) return left;
  return Date.parse(a.from) - Date.parse(b.from);
}

export type IncidentParts = {
  incident: Incident;
  assignments: readonly Assignment[];
  agencies: Readonly<Record<string, Agency>>;
  /** The first call, where this person may see it. */
  call: Call | undefined;
};

/** Where nobody is on the way: since the call was answered, or since the last one sent fell away. */
function sendClock({ incident, assignments, call }: IncidentParts, policy: ClockPolicy): JobClock {
  const fell = assignments.map((a) => a.ended_at).filter((at) => at !== null);
  const first = call?.answered_at ?? incident.first_call_offered_at ?? incident.opened_at;
  const from = fell.sort().at(-1) ?? first;
  const limitS = policy.by_priority[incident.priority].send_s ?? null;
  return { wait: "send", from, limitS, ...CALM };
}

/** The one clock an incident shows: its most urgent job, or that nobody has been sent, or that it can be closed. */
export function incidentClock(parts: IncidentParts, policy: ClockPolicy, nowS: number): JobClock {
  const { incident, assignments, agencies } = parts;
  if (incident.state === "resolved") {
    return { wait: "close", from: incident.resolved_at ?? incident.opened_at, limitS: null, ...CALM };
  }
  const live = assignments.filter(isLive);
  const worst = live
    .map((a) => assignmentClock(a, incident.priority, policy, agencies[a.agency]))
    .filter((clock) => clock !== null)
    .sort((a, b) => byUrgency(a, b, nowS))[0];
  if (worst) return worst;
  const told = live[0];
  if (told) return { wait: "told", from: told.acknowledged_at ?? told.sent_at, limitS: null, ...CALM };
  return sendClock(parts, policy);
}
