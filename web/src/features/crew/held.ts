/**
 * A step just pressed waits a few seconds on the phone's disk before it goes out, so that a wrong press can be taken
 * back. It carries the time of the press, so no clock is late for it. It goes at once when the next step is pressed and
 * when the page is hidden: a phone put into a pocket must not keep it.
 */
import { create } from "zustand";
import { newKey } from "@/api/http";
import { takeIn, type Waiting } from "@/api/outbox";
import { onSignOut, useSession } from "@/app/session";
import { LANE } from "./phone";

/** Seconds in which a step can be taken back. */
export const HELD_S = 5;

const KEPT_AS = "sigap.crew.held";

type Held = { line: Waiting | null; untilMs: number };

export const useHeld = create<Held>()(() => ({ line: null, untilMs: 0 }));

let timer: ReturnType<typeof setTimeout> | undefined;

function drop(): void {
  clearTimeout(timer);
  localStorage.removeItem(KEPT_AS);
  useHeld.setState({ line: null, untilMs: 0 });
}

/** Sends what is held. Harmless when nothing is. */
export function release(): void {
  const { line } = useHeld.getState();
  if (!line) return;
  // Into the outbox first: the press is never on no disk at all.
  takeIn(line);
  drop();
}

export function takeBack(): void {
  drop();
}

export function hold(path: string, body: unknown, label: string): void {
  release();
  const account_id = useSession.getState().who?.account.id;
  const step = { key: newKey(), path, body, label, at: new Date().toISOString(), lane: LANE };
  const line: Waiting = account_id ? { ...step, account_id } : step;
  localStorage.setItem(KEPT_AS, JSON.stringify(line));
  useHeld.setState({ line, untilMs: Date.now() + HELD_S * 1000 });
  timer = setTimeout(release, HELD_S * 1000);
}

/** What was held when the page was last closed goes out now, under the name of whoever pressed it. */
export function releaseKept(): void {
  const kept = localStorage.getItem(KEPT_AS);
  if (!kept || useHeld.getState().line) return;
  try {
    takeIn(JSON.parse(kept) as Waiting);
  } finally {
    localStorage.removeItem(KEPT_AS);
  }
}

/** Lets go when the page is hidden. Returns the way to stop. */
export function releaseWhenHidden(): () => void {
  const look = () => {
    if (document.visibilityState === "hidden") release();
  };
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pagehide", release);
  return () => {
    document.removeEventListener("visibilitychange", look);
    window.removeEventListener("pagehide", release);
  };
}

// Whoever leaves the phone has pressed it: the step goes under their own name.
onSignOut(release);
