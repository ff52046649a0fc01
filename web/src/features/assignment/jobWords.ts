/** The mark of an assignment's state, where no unit's own status stands beside it. */
import type { AssignmentState } from "@/live/rows";
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
