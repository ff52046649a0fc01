/** What is local to the agency's console: the chosen task, the units that would go, what is being asked. */
import { create } from "zustand";
import { forgetTyped, keepInTab, keptInTab, onTabForgotten } from "@/live/tab";
import type { Task } from "./inbox";

export type ConsoleAsk =
  | { kind: "refuse" | "result" | "finish"; assignmentId: string }
  | { kind: "status"; unitId: string | null };

type Console = {
  chosenId: string | null;
  /** Null: what is marked at first. */
  marked: ReadonlySet<string> | null;
  jobId: string | null;
  /** Choosing further units for a task that runs already. */
  adding: boolean;
  ask: ConsoleAsk | null;
};

const FRESH = { marked: null, jobId: null, adding: false, ask: null } as const;

type Kept = Pick<Console, "chosenId" | "jobId" | "adding" | "ask"> & { marked: string[] | null };

const KEPT_AS = "opd";

function before(): Partial<Console> {
  const kept = keptInTab<Kept>(KEPT_AS);
  return kept ? { ...kept, marked: kept.marked && new Set(kept.marked) } : {};
}

export const useConsole = create<Console>()(() => ({ ...FRESH, chosenId: null, ...before() }));

onTabForgotten(() => useConsole.setState({ ...FRESH, chosenId: null }));

useConsole.subscribe(({ chosenId, jobId, adding, ask, marked }) => {
  keepInTab(KEPT_AS, { chosenId, jobId, adding, ask, marked: marked && [...marked] } satisfies Kept);
});

export function choose(id: string): void {
  if (useConsole.getState().chosenId === id) return;
  forgetTyped();
  useConsole.setState({ ...FRESH, chosenId: id });
}

export function askFor(ask: ConsoleAsk | null): void {
  forgetTyped();
  useConsole.setState({ ask });
}

export function toggle(id: string, now: ReadonlySet<string>): void {
  const marked = new Set(now);
  if (!marked.delete(id)) marked.add(id);
  useConsole.setState({ marked });
}

/** The chosen task, else the one that presses most. */
export function taskInHand(tasks: readonly Task[], chosenId: string | null): Task | null {
  return tasks.find((task) => task.incident.id === chosenId) ?? tasks[0] ?? null;
}
