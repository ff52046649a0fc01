/** Today's calls as the shift leader sees them: what each was, and which ones want a second look. Pure. */
import { wibDay } from "@/i18n/format";
import type { Call } from "@/live/rows";
import { talkedS } from "../intake/calls";

export type What = "running" | "lost" | "incident" | "disposition" | "unclassified";
export type CallFilter = "all" | "look";

export function whatOf(call: Call): What {
  if (!call.ended_at) return "running";
  if (!call.answered_at) return "lost";
  if (call.incident_id) return "incident";
  return call.disposition ? "disposition" : "unclassified";
}

/** Why a call should be looked at; null when it need not be. `junkS`: a prank or silent call of more talk is heard again. */
export function lookAt(call: Call, junkS: number): "junk" | "unclassified" | null {
  const junk = call.disposition === "prank" || call.disposition === "ghost";
  if (junk && (talkedS(call) ?? 0) > junkS) return "junk";
  return call.state === "closed" && whatOf(call) === "unclassified" ? "unclassified" : null;
}

/** Calls offered on the room's day, newest first; the stream holds a whole day of them. */
export function callsOfDay(calls: Readonly<Record<string, Call>>, nowS: number): Call[] {
  const today = wibDay(nowS * 1000);
  return Object.values(calls)
    .filter((call) => wibDay(call.offered_at) === today)
    .sort((a, b) => b.offered_at.localeCompare(a.offered_at));
}

export function filtered(calls: readonly Call[], filter: CallFilter, junkS: number): Call[] {
  return filter === "all" ? [...calls] : calls.filter((call) => lookAt(call, junkS) !== null);
}
