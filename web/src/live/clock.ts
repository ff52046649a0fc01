/** The server's time in the browser: every clock of the room ticks from it, so that two screens never disagree. */
import { useSyncExternalStore } from "react";

const KEPT_AS = "sigap.clock";
/** A changed offset of less than this is not worth a write. */
const WORTH_MS = 500;

/** Kept in the browser: a page reloaded while the server is away still knows how far its own clock is off. */
const kept = globalThis.localStorage?.getItem(KEPT_AS) ?? null;
let offsetMs = Number(kept ?? 0) || 0;
let keptMs = kept === null ? Number.NaN : offsetMs;
let offsetIsFine = kept !== null;

function keep(): void {
  if (Math.abs(offsetMs - keptMs) < WORTH_MS) return;
  keptMs = offsetMs;
  globalThis.localStorage?.setItem(KEPT_AS, String(Math.round(offsetMs)));
}

/**
 * Learns the offset from a `Date` header (full seconds): only until a finer source was ever known, and when far off.
 * What the service worker kept carries the date of the day on which it was kept.
 */
export function noteServerTime(date: string | null): void {
  if (!date) return;
  const server = Date.parse(date);
  if (Number.isNaN(server)) return;
  const coarse = server + 500 - Date.now();
  if (!offsetIsFine && Math.abs(coarse - offsetMs) > 1000) offsetMs = coarse;
}

const SAMPLES = 12;
const samples: number[] = [];

/**
 * Learns the offset from a time stamp with milliseconds (heartbeat of the stream, `pong` of a seat). A message that
 * waited, on the wire or behind a busy page, shows too small an offset and never too large a one: of the last minute's
 * samples the largest is nearest to the truth.
 */
export function noteServerMs(serverMs: number): void {
  if (!Number.isFinite(serverMs)) return;
  samples.push(serverMs - Date.now());
  if (samples.length > SAMPLES) samples.shift();
  offsetMs = Math.max(...samples);
  offsetIsFine = true;
  keep();
}

/** Milliseconds since 1970 by the server's clock. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
const STEP_MS = 200;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const tell of listeners) tell();
  }, STEP_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The server's time in whole seconds; redraws its component once a second, on the second. */
export function useSecond(): number {
  return useSyncExternalStore(subscribe, () => Math.floor(serverNow() / 1000));
}

/** Seconds from an ISO time to now (never below 0); null when there is none. */
export function secondsSince(at: string | null | undefined, nowS: number): number | null {
  if (!at) return null;
  const from = Date.parse(at);
  return Number.isNaN(from) ? null : Math.max(0, nowS - Math.floor(from / 1000));
}
