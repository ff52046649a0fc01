/** What the dashboard's figures mean: against which target, late or not, known or not. Pure. */
import { minutesSeconds } from "@/i18n/format";

export type Measure = {
  code: string;
  n: number;
  /** Seconds; null under five values. */
  p10_s: number | null;
  median_s: number | null;
  p90_s: number | null;
  /** Share of 0–1 within the target. */
  within: number | null;
  /** How many `within` is a share of: those that have a value, and those that missed it for good. */
  of: number;
  target_s: number;
};
export type Counted = { code: string; name: string; count: number };
export type DayCounts = { day: string; offered: number; normal: number; prank: number; ghost: number };
export type Figures = {
  first: string;
  last: string;
  calls: Record<string, number>;
  calls_reconcile: boolean;
  assignments: number;
  acknowledged: number;
  clocks: Measure[];
  /** Share of 0–1 that should be within a clock's target. */
  within_share: number;
  month_response: Measure;
  /** Incidents by whole minutes of response; the last bin holds all that took longer. */
  response_minutes: number[];
  incidents: number;
  by_category: Counted[];
  by_kecamatan: Counted[];
  placed: number;
  trend: DayCounts[];
  made_at: string;
};

/** Under five values a figure says more about one person than about the room. */
export const LEAST_N = 5;

export const measureOf = (figures: Figures, code: string) => figures.clocks.find((one) => one.code === code);

/** "4 s" stays in seconds up to 99, then "7:50". */
export function clockText(seconds: number | null | undefined, unit: string): string {
  if (seconds === null || seconds === undefined) return "–";
  return seconds < 100 ? `${Math.round(seconds)} ${unit}` : minutesSeconds(seconds);
}

export function isLate(value: number | null | undefined, target: number): boolean {
  return value !== null && value !== undefined && value > target;
}

type Bin = { minute: number; count: number; late: boolean };
export type Histogram = { bins: Bin[]; n: number; lateShare: number | null; highest: number };

/** The bins from the first that holds something to the last, and at least to one past the target. */
export function histogram(minutes: readonly number[], targetS: number): Histogram {
  const targetMin = targetS / 60;
  const n = minutes.reduce((sum, count) => sum + count, 0);
  const filled = minutes.map((count, minute) => (count > 0 ? minute : -1)).filter((minute) => minute >= 0);
  const first = Math.max(0, Math.min(filled[0] ?? 0, Math.floor(targetMin) - 1));
  const last = Math.min(minutes.length - 1, Math.max(filled.at(-1) ?? 0, Math.ceil(targetMin) + 1));
  const bins = minutes.slice(first, last + 1).map((count, n) => ({
    minute: first + n,
    count,
    late: first + n >= targetMin,
  }));
  const late = bins.reduce((sum, bin) => sum + (bin.late ? bin.count : 0), 0);
  return {
    bins,
    n,
    lateShare: n >= LEAST_N ? late / n : null,
    highest: Math.max(1, ...minutes),
  };
}

/** A round number at or above the highest value, with which an axis can be halved. */
export function niceTop(highest: number): number {
  for (const step of [2, 4, 10, 20, 40, 50, 70, 100, 200, 400, 500, 1000, 2000, 5000]) {
    if (highest <= step) return step;
  }
  return Math.ceil(highest / 1000) * 1000;
}

/** The first rows, and the rest as one line, so that a list fits its room: {shown, others, othersCount}. */
export function topRows(rows: readonly Counted[], room: number) {
  const known = rows.filter((row) => row.count > 0);
  if (known.length <= room) return { shown: known, others: 0, othersCount: 0 };
  const shown = known.slice(0, Math.max(0, room - 1));
  const rest = known.slice(shown.length);
  return { shown, others: rest.length, othersCount: rest.reduce((sum, row) => sum + row.count, 0) };
}

/** Heights at which labels at the end of lines do not cover each other, in the order given. */
export function spread(ys: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = ys.map((y, at) => ({ y, at })).sort((a, b) => a.y - b.y);
  let last = top - gap;
  for (const one of order) {
    one.y = Math.max(one.y, last + gap);
    last = one.y;
  }
  let next = bottom + gap;
  for (const one of order.toReversed()) {
    one.y = Math.min(one.y, next - gap);
    next = one.y;
  }
  const placed = [...ys];
  for (const one of order) placed[one.at] = one.y;
  return placed;
}
