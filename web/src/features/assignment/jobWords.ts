/** The mark of an assignment's state, where no unit's own status stands beside it. */
import type { Assignment, AssignmentState } from "@/live/rows";
import type { IconName } from "@/ui/icons";

const GLYPH: Record<AssignmentState, IconName> = {
  sent: "target",
  acknowledged: "check",
  departed: "arrow-go",
  arrived: "square",
  done: "square-open",
  refused: "x",
  timed_out: "clock",
  cancelled: "x",
  diverted: "arrow-right",
};

export const jobGlyph = (state: AssignmentState): IconName => GLYPH[state];

/** What was said with it: with whom the desk spoke, the words of a step or refusal, the note on the result. */
export function saidWith(job: Assignment): string {
  const words = [job.reason_text, job.result_note].filter((one) => one).map((one) => `“${one}”`);
  return [job.phone_contact, ...words].filter(Boolean).join(" · ");
}
