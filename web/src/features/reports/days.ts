/** Days of the room as they are asked for: 2026-11-24. Pure. */
const DAY_MS = 86_400_000;

export function dayBefore(day: string, n = 1): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - n * DAY_MS).toISOString().slice(0, 10);
}

/** The day after, but never one that has not begun. */
export function dayAfter(day: string, today: string): string | null {
  const next = dayBefore(day, -1);
  return next > today ? null : next;
}

export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}

const MONTHS = ["jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des"];
const ENGLISH: Record<string, string> = { may: "mei", aug: "agu", oct: "okt", dec: "des" };

function monthOf(word: string): number {
  const short = word.slice(0, 3).toLowerCase();
  return /^\d+$/.test(word) ? Number(word) : MONTHS.indexOf(ENGLISH[short] ?? short) + 1;
}

const iso = (year: number, month: number, day: number) =>
  `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;

/** A day that the calendar has: 2026-02-30 is none. */
function real(day: string): string | null {
  return isDay(day) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day) ? day : null;
}

/**
 * The day that somebody typed: "24-11-2026", "24/11", "24 Nov", "24", "2026-11-24", "Selasa, 24 November 2026".
 * What is left out is taken from today, and is the latest that is not after it. Null where it is no day.
 */
export function dayFrom(typed: string, today: string): string | null {
  const text = typed.replace(/^[^,]*,/, "").trim();
  if (isDay(text)) return real(text);
  const [day, month, year, ...rest] = text.split(/[\s./-]+/).filter(Boolean);
  if (!day || rest.length > 0 || !/^\d{1,2}$/.test(day)) return null;
  if (year !== undefined && !/^\d{4}$/.test(year)) return null;
  const [thisYear = 0, thisMonth = 0] = today.split("-").map(Number);
  if (month !== undefined) {
    const number = monthOf(month);
    if (year !== undefined) return real(iso(Number(year), number, Number(day)));
    const found = real(iso(thisYear, number, Number(day)));
    return found !== null && found > today ? real(iso(thisYear - 1, number, Number(day))) : found;
  }
  const found = real(iso(thisYear, thisMonth, Number(day)));
  if (found !== null && found <= today) return found;
  return thisMonth === 1
    ? real(iso(thisYear - 1, 12, Number(day)))
    : real(iso(thisYear, thisMonth - 1, Number(day)));
}
