/** What may be done with an assignment now, by the server's own table of moves (`/api/catalogue`). Pure. */
import type { AssignmentMove } from "@/api/catalogue";
import type { Assignment, AssignmentState } from "@/live/rows";

export type Verb =
  | "acknowledge"
  | "depart"
  | "arrive"
  | "finish"
  | "refuse"
  | "time_out"
  | "cancel"
  | "divert";

export type Move = AssignmentMove;

type Job = Pick<Assignment, "state" | "role" | "unit_id">;

/** `acknowledged` finishes at once only for those who are told, and for an agency that sends nobody. */
function allows(job: Job, verb: Verb): boolean {
  if (job.state === "acknowledged" && verb === "finish") return job.role === "inform" || job.unit_id === null;
  return true;
}

/** The move a verb makes from here; undefined when it is not legal now. */
function moveOf(moves: readonly Move[], job: Job, verb: Verb): Move | undefined {
  return moves.find((move) => move.from === job.state && move.verb === verb && allows(job, verb));
}

export function canDo(moves: readonly Move[], job: Job, verb: Verb): boolean {
  return moveOf(moves, job, verb) !== undefined;
}

/** The one thing a crew does next: without jumps, so that one thumb follows the legal order. */
const THUMB: Partial<Record<AssignmentState, Verb>> = {
  sent: "acknowledge",
  acknowledged: "depart",
  departed: "arrive",
  arrived: "finish",
};

export function nextVerb(moves: readonly Move[], job: Job): Verb | null {
  if (job.state === "acknowledged" && canDo(moves, job, "finish")) return "finish";
  const verb = THUMB[job.state];
  return verb && canDo(moves, job, verb) ? verb : null;
}

/** The state an assignment will be in once what waits has been sent: the phone shows it before the server knows. */
export function stateAfter(moves: readonly Move[], job: Job, verbs: readonly Verb[]): AssignmentState {
  let state = job.state;
  for (const verb of verbs) state = moveOf(moves, { ...job, state }, verb)?.to ?? state;
  return state;
}
