/** What is local to the agency's console: the chosen task, the units that would go, what is being asked. */
import { create } from "zustand";
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

export const useConsole = create<Console>()(() => ({ ...FRESH, chosenId: null }));

export function choose(id: string): void {
  if (useConsole.getState().chosenId !== id) useConsole.setState({ ...FRESH, chosenId: id });
}

export const askFor = (ask: ConsoleAsk | null) => useConsole.setState({ ask });

export function toggle(id: string, now: ReadonlySet<string>): void {
  const marked = new Set(now);
  if (!marked.delete(id)) marked.add(id);
  useConsole.setState({ marked });
}

/** The chosen task, else the one that presses most. */
export function taskInHand(tasks: readonly Task[], chosenId: string | null): Task | null {
  return tasks.find((task) => task.incident.id === chosenId) ?? tasks[0] ?? null;
}
