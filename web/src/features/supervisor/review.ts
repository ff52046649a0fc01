/** Which calls a supervisor should hear: pranks, silent ones, long ones, and those nobody has classified. Pure. */
import type { Call, Tables } from "@/live/rows";
import { talkedS } from "../intake/calls";

export type ReviewReason = "unclassified" | "prank" | "ghost" | "long" | "abandoned";
export type ReviewCall = { call: Call; reason: ReviewReason; talkedS: number | null };
export type ReviewFilter = "all" | "junk" | "long";

/** Talking longer than this is worth a look, seconds (a call of this room takes one to four minutes). */
export const LONG_S = 300;

function reasonOf(call: Call): ReviewReason | null {
  if (!call.ended_at) return null;
  if (!call.answered_at) return "abandoned";
  if (call.disposition === "prank" || call.disposition === "ghost") return call.disposition;
  if ((talkedS(call) ?? 0) >= LONG_S) return "long";
  return call.disposition || call.incident_id ? null : "unclassified";
}

const JUNK: ReadonlySet<ReviewReason> = new Set(["prank", "ghost"]);

function fits(reason: ReviewReason, filter: ReviewFilter): boolean {
  if (filter === "junk") return JUNK.has(reason);
  if (filter === "long") return reason === "long";
  return true;
}

/** Newest first. */
export function reviewList(calls: Tables["call"], filter: ReviewFilter): ReviewCall[] {
  return Object.values(calls)
    .map((call) => ({ call, reason: reasonOf(call), talkedS: talkedS(call) }))
    .filter((one): one is ReviewCall => one.reason !== null && fits(one.reason, filter))
    .sort((a, b) => b.call.offered_at.localeCompare(a.call.offered_at));
}
