/** What is local to the dispatch desk: which incident is chosen, what is marked, what is being asked. */
import { create } from "zustand";
import { forgetTyped, keepInTab, keptInTab, onTabForgotten } from "@/live/tab";
import type { Filter } from "./board";
import type { ProposalRow } from "./proposal";

/** What the foot of the detail asks for, in place of its buttons. */
export type Ask =
  | { kind: "add" }
  | { kind: "contact" | "cancel" | "result" | "finish"; assignmentId: string }
  | { kind: "replace"; assignmentId: string; unitId: string | null }
  | { kind: "close" | "resolve" | "cancel_incident" | "note" | "reclassify" | "access" };

export type View = "proposal" | "follow" | "facts";

/** Somebody else was first: what they did, and what is the next best. */
export type LostRace = { text: string; unitId: string | null; agency: string };

type Sent = { incidentId: string; assignmentIds: string[]; what: string; atMs: number };

type Desk = {
  chosenId: string | null;
  filter: Filter;
  /** Null: the incident itself says what is shown first. */
  view: View | null;
  ask: Ask | null;
  /** The assignment that the verbs of the detail are about. */
  jobId: string | null;
  added: ProposalRow[];
  /** Null: what is marked at first. */
  marked: ReadonlySet<string> | null;
  lost: LostRace | null;
  sent: Sent | null;
  /** The unit that was chosen in the column or on the map. */
  unitId: string | null;
  alarmsOpen: boolean;
  /** The unit column asks for a unit's status: of the chosen unit, else which. */
  statusAsk: boolean;
};

const FRESH = { view: null, ask: null, jobId: null, added: [], marked: null, lost: null } as const;

type Kept = Pick<Desk, "chosenId" | "filter" | "view" | "ask" | "jobId" | "unitId" | "statusAsk">;

const KEPT_AS = "dispatch";
const kept = keptInTab<Kept>(KEPT_AS);

const untouched = (): Desk => ({
  ...FRESH,
  added: [],
  chosenId: null,
  filter: "all",
  sent: null,
  unitId: null,
  alarmsOpen: false,
  statusAsk: false,
});

export const useDesk = create<Desk>()(() => ({ ...untouched(), ...kept }));

onTabForgotten(() => useDesk.setState(untouched()));

useDesk.subscribe(({ chosenId, filter, view, ask, jobId, unitId, statusAsk }) => {
  keepInTab(KEPT_AS, { chosenId, filter, view, ask, jobId, unitId, statusAsk } satisfies Kept);
});

/** The incident that was in hand before a reload, if any: it may be over by now. */
export const chosenBefore: string | null = kept?.chosenId ?? null;

/** Another incident: nothing half done is carried over to it. */
export function choose(id: string | null): void {
  if (useDesk.getState().chosenId === id) return;
  forgetTyped();
  useDesk.setState({ ...FRESH, added: [], chosenId: id });
}

/** One question at a time: two of them would answer to the same keys. */
export function askFor(ask: Ask | null): void {
  forgetTyped();
  useDesk.setState(ask ? { ask, statusAsk: false } : { ask });
}

/** Asks in the unit column what a unit does now; null: which unit, unless one is chosen there. */
export function askStatus(unitId: string | null = null): void {
  forgetTyped();
  useDesk.setState({ ask: null, statusAsk: true, ...(unitId ? { unitId } : {}) });
}

export function statusDone(): void {
  forgetTyped();
  useDesk.setState({ statusAsk: false });
}

export function show(view: View | null): void {
  forgetTyped();
  useDesk.setState({ view, ask: null });
}

export const chooseJob = (jobId: string) => useDesk.setState({ jobId });

export function toggle(id: string, now: ReadonlySet<string>): void {
  const marked = new Set(now);
  if (!marked.delete(id)) marked.add(id);
  useDesk.setState({ marked, lost: null });
}

/** Puts a unit or agency into the proposal by name, marked. */
export function add(row: ProposalRow, now: ReadonlySet<string>): void {
  useDesk.setState(({ added }) => ({
    added: added.some((one) => one.id === row.id) ? added : [...added, row],
    marked: new Set([...now, row.id]),
    view: "proposal",
    ask: null,
    lost: null,
  }));
}
