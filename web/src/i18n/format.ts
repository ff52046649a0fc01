/** Numbers and times as the room reads them: WIB, durations with units, distances in metres or kilometres. */
import { language } from ".";

const ZONE = "Asia/Jakarta";
const LOCALE = { id: "id-ID", en: "en-GB" } as const;

type Moment = string | number | Date;

function moment(at: Moment): Date {
  return at instanceof Date ? at : new Date(at);
}

const clockFull = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const clockShort = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });
const dayIso = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE });

/** 19:42:10 WIB (the word WIB stands beside it on the screen). */
export function wibTime(at: Moment): string {
  return clockFull.format(moment(at));
}

/** 19:42 */
export function wibShort(at: Moment): string {
  return clockShort.format(moment(at));
}

/** 2026-11-24, the day of the room. */
export function wibDay(at: Moment): string {
  return dayIso.format(moment(at));
}

/** "26 Okt", of a day written 2026-10-26. */
export function dayMonth(day: string): string {
  return new Intl.DateTimeFormat(LOCALE[language()], {
    timeZone: "UTC",
    day: "numeric",
    month: "short",
  }).format(new Date(`${day}T00:00:00Z`));
}

/** "Selasa, 24 November 2026", of a day written 2026-11-24. */
export function dayWords(day: string): string {
  return new Intl.DateTimeFormat(LOCALE[language()], {
    timeZone: "UTC",
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  }).format(new Date(`${day}T00:00:00Z`));
}

/** 0:39, 12:05, 1:02:09: a running time, without sign. */
export function minutesSeconds(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const s = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${s}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${s}`;
}

/** "8 dtk", "12 mnt", "3 jam": how long something has lasted; unknown is "–". */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "–";
  const words = language() === "id" ? ["dtk", "mnt", "jam", "hari"] : ["s", "min", "h", "d"];
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} ${words[0]}`;
  if (whole < 3600) return `${Math.round(whole / 60)} ${words[1]}`;
  if (whole < 86_400) return `${Math.round(whole / 3600)} ${words[2]}`;
  return `${Math.round(whole / 86_400)} ${words[3]}`;
}

/** "40 m", "1,1 km" */
export function distance(metres: number | null | undefined): string {
  if (metres === null || metres === undefined || !Number.isFinite(metres)) return "–";
  if (metres < 1000) return `${Math.round(metres)} m`;
  return `${number(metres / 1000, metres < 10_000 ? 1 : 0)} km`;
}

export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(LOCALE[language()], {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** "0042": the short number people say. */
export function shortNumber(n: number | null | undefined): string {
  return n === null || n === undefined ? "–" : String(n).padStart(4, "0");
}
