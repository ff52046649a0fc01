import { useT } from "@/i18n";
import { duration } from "@/i18n/format";
import { secondsSince, useSecond } from "@/live/clock";
import { Clock } from "@/ui/Clock";
import type { JobClock } from "./clocks";

type Props = { clock: JobClock; compact?: boolean; bar?: boolean };

/** The clock of a job: the distance to its limit; where nothing is due, how long it has lasted, in words with units. */
export function JobClockFace({ clock, compact = false, bar = false }: Props) {
  const nowS = useSecond();
  if (clock.limitS === null) {
    return (
      <span className={`clock lasting${compact ? " compact" : ""}`}>
        {duration(secondsSince(clock.from, nowS))}
      </span>
    );
  }
  return (
    <Clock
      from={clock.from}
      limitS={clock.limitS}
      escalated={clock.escalated}
      blinking={clock.blinking}
      compact={compact}
      bar={bar}
    />
  );
}

/** The clock with what it waits for above it. */
export function ClockCell({ clock, bar = true }: Props) {
  const t = useT();
  return (
    <span className="clock-cell">
      <span className="label">{t(`clock.${clock.wait}`)}</span>
      <JobClockFace clock={clock} bar={bar} />
    </span>
  );
}
