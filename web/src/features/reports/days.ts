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
