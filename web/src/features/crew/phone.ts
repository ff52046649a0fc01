/** What the crew's phone shows: its task as it stands after what it has not sent yet. Pure. */
import type { Waiting } from "@/api/outbox";
import type { Agency, Assignment, AssignmentState, Incident, Tables, Unit, UnitStatus } from "@/live/rows";
import { isLive } from "../assignment/clocks";
import { type Move, nextVerb, stateAfter, type Verb } from "../assignment/moves";
import type { Route } from "../assignment/route";

/** Lines of this lane of the outbox are the crew's; they go out in the order they were pressed. */
export const LANE = "crew";

/** What the phone keeps on itself, so that a reload without signal shows the task again. Gone when the task is. */
export type Kept = {
  unit: Unit;
  job: Assignment | null;
  incident: Incident | null;
  agency: Agency | null;
  companions: string[];
  route: Route | null;
};

export type Phone = {
  unit: Unit;
  job: Assignment | null;
  incident: Incident | null;
  /** The job's state after everything that waits has gone out. */
  state: AssignmentState | null;
  /** Since when it is in that state: by the room, or as pressed while it waits to be sent. */
  since: string | null;
  /** The one thing the thumb does next. */
  next: Verb | null;
  companions: string[];
};

/** The crew's lines in the outbox about one thing, by their path. */
export function waitingFor(waiting: readonly Waiting[], id: string): Waiting[] {
  return waiting.filter((line) => line.lane === LANE && line.path.split("/")[2] === id);
}

export function verbsWaiting(waiting: readonly Waiting[], assignmentId: string): Verb[] {
  return waitingFor(waiting, assignmentId)
    .filter((line) => !line.refused)
    .map((line) => line.path.split("/")[3] as Verb);
}

/** The unit's status as it will be when what waits has gone out. */
export function statusAfter(unit: Unit, waiting: readonly Waiting[]): UnitStatus {
  const last = waitingFor(waiting, unit.id)
    .filter((line) => !line.refused && line.path.endsWith("/status"))
    .at(-1);
  return last ? (last.body as { status: UnitStatus }).status : unit.status;
}

/** The unit's live job, by the room's tables. */
function ownJob(tables: Tables, unit: Unit): Assignment | null {
  const held = unit.assignment_id ? tables.assignment[unit.assignment_id] : undefined;
  if (held && isLive(held)) return held;
  const jobs = Object.values(tables.assignment).filter((job) => job.unit_id === unit.id && isLive(job));
  return jobs.sort((a, b) => b.sent_at.localeCompare(a.sent_at))[0] ?? null;
}

function companionsOf(tables: Tables, job: Assignment): string[] {
  const others = Object.values(tables.assignment).filter(
    (one) => one.incident_id === job.incident_id && one.id !== job.id && isLive(one),
  );
  return others.map((one) => {
    const unit = one.unit_id ? tables.unit[one.unit_id] : undefined;
    return unit?.code ?? tables.agency[one.agency]?.short_name ?? one.agency;
  });
}

/** What is kept of the room for this unit; null while the room does not know the unit. */
export function keptFrom(tables: Tables, unitId: string, route: Route | null): Kept | null {
  const unit = tables.unit[unitId];
  if (!unit) return null;
  const job = ownJob(tables, unit);
  return {
    unit,
    job,
    incident: job ? (tables.incident[job.incident_id] ?? null) : null,
    agency: tables.agency[unit.agency] ?? null,
    companions: job ? companionsOf(tables, job) : [],
    route,
  };
}

const TIME_OF = {
  sent: "sent_at",
  acknowledged: "acknowledged_at",
  departed: "departed_at",
  arrived: "arrived_at",
} as const;

function sinceOf(job: Assignment, state: AssignmentState, waiting: readonly Waiting[]): string | null {
  const pressed = waitingFor(waiting, job.id)
    .filter((line) => !line.refused)
    .at(-1);
  const known = state in TIME_OF ? job[TIME_OF[state as keyof typeof TIME_OF]] : null;
  return known ?? pressed?.at ?? null;
}

export function phoneOf(kept: Kept, moves: readonly Move[], waiting: readonly Waiting[]): Phone {
  const { unit, incident, companions } = kept;
  const state = kept.job ? stateAfter(moves, kept.job, verbsWaiting(waiting, kept.job.id)) : null;
  const ended = state !== null && kept.job !== null && !isLive({ ...kept.job, state });
  if (!kept.job || !state || ended) {
    return { unit, job: null, incident: null, state: null, since: null, next: null, companions: [] };
  }
  const next = nextVerb(moves, { ...kept.job, state });
  return { unit, job: kept.job, incident, state, since: sinceOf(kept.job, state, waiting), next, companions };
}

export type Ended = { number: number | null; state: AssignmentState | "gone"; reason: string | null };

/** The job that stood on the phone and was ended by somebody else: what to tell the crew. Null when it ended itself. */
export function endedElsewhere(
  before: Kept | null,
  tables: Tables,
  waiting: readonly Waiting[],
): Ended | null {
  const job = before?.job;
  if (!job || !tables.unit[before.unit.id]) return null;
  const now = tables.assignment[job.id];
  if (now && (isLive(now) || now.state === "done" || now.state === "refused")) return null;
  if (verbsWaiting(waiting, job.id).some((verb) => verb === "finish" || verb === "refuse")) return null;
  return {
    number: before.incident?.short_number ?? null,
    state: now?.state ?? "gone",
    reason: now?.reason ?? null,
  };
}
