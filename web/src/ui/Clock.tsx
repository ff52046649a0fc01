import { useSecond } from "@/live/clock";
import { type ClockFace, type ClockStage, clockFace } from "./clockStage";
import { Icon } from "./Icon";
import type { IconName } from "./icons";

const MARK: Record<ClockStage, IconName | null> = {
  normal: null,
  near: "hourglass",
  late: "clock",
  escalated: "bell",
};

type Props = {
  /** When the clock began (ISO, server time). */
  from: string | null | undefined;
  /** How long it may last, seconds. */
  limitS: number;
  escalated?: boolean;
  /** False once someone has acknowledged the alarm: the fill stays, the blinking ends. */
  blinking?: boolean;
  compact?: boolean;
  bar?: boolean;
};

export function useClockFace(
  from: string | null | undefined,
  limitS: number,
  escalated = false,
): ClockFace | null {
  const now = useSecond();
  const fromMs = from ? Date.parse(from) : Number.NaN;
  return Number.isNaN(fromMs) ? null : clockFace(fromMs, limitS, now, escalated);
}

/** The distance to a limit, ticking from server time: plain, near (75 %), late, escalated. */
export function Clock({
  from,
  limitS,
  escalated = false,
  blinking = escalated,
  compact = false,
  bar = false,
}: Props) {
  const face = useClockFace(from, limitS, escalated);
  if (!face) return <span className={`clock${compact ? " compact" : ""}`}>–</span>;
  const mark = MARK[face.stage];
  const blink = face.stage === "escalated" && blinking;
  return (
    <span className="col gap4">
      <span
        className={`clock ${face.stage}${compact ? " compact" : ""}${blink ? " blink" : ""}`}
        role="timer"
      >
        {mark && <Icon name={mark} />}
        {face.text}
      </span>
      {bar && (face.stage === "normal" || face.stage === "near") && (
        <span className="clock-bar">
          <i style={{ width: `${Math.round(face.used * 100)}%` }} />
        </span>
      )}
    </span>
  );
}
