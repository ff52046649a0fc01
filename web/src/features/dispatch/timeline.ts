/** An incident's journal in words: who, what, and the time that counts beside it. Pure but for the words it is given. */
import type { Translate } from "@/i18n";
import { isKey } from "@/i18n";
import { duration } from "@/i18n/format";
import type { Names } from "../assignment/names";
import type { TimelineEntry } from "../assignment/verbs";

export type Line = { seq: number; at: string; who: string; what: string; note: string; late: boolean };

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const seconds = (value: unknown): string => (typeof value === "number" ? duration(value) : "");

type SentFact = { agency?: string; unit?: string | null; role?: string };

function sentList(facts: Record<string, unknown>): SentFact[] {
  return Array.isArray(facts.sent) ? (facts.sent as SentFact[]) : [];
}

function noteOf(entry: TimelineEntry, t: Translate): string {
  const { facts, kind } = entry;
  switch (kind) {
    case "assignment.acknowledged":
      return t("timeline.t6", { age: seconds(facts.acknowledge_s) });
    case "assignment.departed":
      return t("timeline.t7", { age: seconds(facts.turnout_s) });
    case "assignment.arrived":
      return facts.travel_s === null
        ? t("timeline.t8.bare")
        : t("timeline.t8", { age: seconds(facts.travel_s) });
    case "incident.opened":
      return typeof facts.processing_s === "number"
        ? t("timeline.t4", { age: seconds(facts.processing_s) })
        : "T4";
    case "call.answered":
      return "T2";
    case "assignment.sent":
      return "T5";
    case "assignment.finished":
      return "T10";
    case "incident.closed":
      return "T11";
    default:
      return "";
  }
}

function whatOf(entry: TimelineEntry, t: Translate, names: Names): string {
  const { facts, kind } = entry;
  if (kind === "assignment.sent") {
    const sent = sentList(facts);
    const told = sent.filter((one) => one.role === "inform").length;
    const signs = sent.map((one) => one.unit ?? names.agency(one.agency ?? "")).join(", ");
    return t(told > 0 ? "timeline.assignment.sent" : "timeline.assignment.sent.only", {
      units: sent.length - told,
      told,
      signs,
    });
  }
  if (kind === "assignment.finished" && !facts.result) return t("timeline.assignment.finished.bare");
  const key = kind === "assignment.escalated" ? `timeline.escalated.${text(facts.step)}` : `timeline.${kind}`;
  if (!isKey(key)) return kind;
  return t(key, {
    reason: text(facts.reason),
    result: text(facts.result) ? names.result(text(facts.result)) : "–",
    unit: text(facts.proposed_unit) || text((facts.sent as SentFact | undefined)?.unit) || "–",
    step: text(facts.step),
    head: text(facts.head_title),
    priority: text(facts.priority),
    before: text(facts.priority_before),
    age: seconds(facts.waited_s),
  });
}

/** One line of the timeline, newest first on the screen. */
export function timelineLine(entry: TimelineEntry, t: Translate, names: Names): Line {
  const { facts } = entry;
  const who =
    text(facts.unit) || text(facts.old_unit) || (text(facts.agency) ? names.agency(text(facts.agency)) : "");
  const flags = Array.isArray(facts.flags) ? facts.flags.filter((flag) => typeof flag === "string") : [];
  const flagged = flags.map((flag) => (isKey(`flag.${flag}`) ? t(`flag.${flag}` as never) : flag));
  const why = text(facts.reason);
  const reason = why && why !== "other" && !text(facts.result) ? [names.reason(why)] : [];
  const phone = facts.by_phone === true ? [t("timeline.byPhone")] : [];
  return {
    seq: entry.seq,
    at: entry.at,
    who,
    what: [whatOf(entry, t, names), ...reason, ...phone, ...flagged].join(" · "),
    note: noteOf(entry, t),
    late: Date.parse(entry.recorded_at) - Date.parse(entry.at) > 60_000,
  };
}
