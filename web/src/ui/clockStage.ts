/** What a clock shows: the distance to its limit and how urgent that is. Pure. */
import { minutesSeconds } from "@/i18n/format";

export type ClockStage = "normal" | "near" | "late" | "escalated";

export type ClockFace = {
  stage: ClockStage;
  /** "0:39" left, "+1:05" over. */
  text: string;
  /** Part of the limit used, 0 to 1. */
  used: number;
};

/** Part of the limit after which a clock turns yellow in outline (look: 75 %). */
const NEAR = 0.75;

/**
 * The face of a clock that began at `fromMs` and may last `limitS` seconds, at server second `nowS`.
 * `escalated` says that the room has already raised it; the number stays the distance to the limit.
 */
export function clockFace(fromMs: number, limitS: number, nowS: number, escalated = false): ClockFace {
  const gone = nowS - Math.floor(fromMs / 1000);
  const left = limitS - gone;
  const used = limitS > 0 ? Math.min(1, Math.max(0, gone / limitS)) : 1;
  if (left < 0 || escalated) {
    return {
      stage: escalated ? "escalated" : "late",
      text: left < 0 ? `+${minutesSeconds(-left)}` : minutesSeconds(left),
      used,
    };
  }
  return { stage: used >= NEAR ? "near" : "normal", text: minutesSeconds(left), used };
}
