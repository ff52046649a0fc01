/** This person's calls and the room's callbacks, as lists. Pure. */
import type { Call, Callback, Incident } from "@/live/rows";

/** Own calls of today, newest first. */
export function ownCalls(calls: Readonly<Record<string, Call>>, accountId: string): Call[] {
  return Object.values(calls)
    .filter((call) => call.account_id === accountId && call.answered_at)
    .sort((a, b) => b.offered_at.localeCompare(a.offered_at));
}

/** Seconds a call was talked; null while it runs or was never answered. */
export function talkedS(call: Call): number | null {
  if (!call.answered_at || !call.ended_at) return null;
  return (Date.parse(call.ended_at) - Date.parse(call.answered_at)) / 1000;
}

export function waitedS(call: Call): number | null {
  const until = call.answered_at ?? call.ended_at;
  return until ? (Date.parse(until) - Date.parse(call.offered_at)) / 1000 : null;
}

/** Callbacks that are due, the first to fall due on top. */
export function dueCallbacks(callbacks: Readonly<Record<string, Callback>>): Callback[] {
  return Object.values(callbacks)
    .filter((one) => one.state === "due")
    .sort((a, b) => a.due_at.localeCompare(b.due_at));
}

const OVER = new Set(["closed", "cancelled"]);

/** Open incidents, the most urgent and then the oldest first. */
export function openIncidents(incidents: Readonly<Record<string, Incident>>): Incident[] {
  return Object.values(incidents)
    .filter((one) => !OVER.has(one.state))
    .sort((a, b) => a.priority.localeCompare(b.priority) || a.opened_at.localeCompare(b.opened_at));
}
