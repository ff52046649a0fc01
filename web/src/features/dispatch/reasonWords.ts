/** Why a unit is proposed, in one line; `kind` names what the first of its agency is. */
import { isKey, useT } from "@/i18n";
import { distance, duration } from "@/i18n/format";
import type { ProposalRow } from "./proposal";

type Say = (row: ProposalRow, kind: string | null) => string;

export function useReason(): Say {
  const t = useT();
  return (row, kind) => {
    if (row.kind === "agency") {
      const facts = row.told?.facts ?? {};
      if (!row.told) return t("dispatch.reason.added");
      if (row.told.why === "police_area") {
        return [facts.polsek, facts.polres].filter((one) => typeof one === "string").join(", ");
      }
      return t("dispatch.reason.by_type");
    }
    const { reason_code, reason_facts, turnout_s, distance_m } = row.proposed;
    const station = typeof reason_facts.station === "string" ? reason_facts.station : "";
    const key = `dispatch.reason.${reason_code}`;
    const words = [station];
    if (reason_code === "travel_time") {
      // The nearest is called so only if it is; who is proposed before it is there for what it is.
      if (reason_facts.nearest === true) words.push(t("dispatch.reason.nearest"));
      else if (kind) words.unshift(kind);
      if (distance_m) words.push(distance(distance_m));
      words.push(t("dispatch.reason.turnout", { age: duration(turnout_s) }));
    } else if (isKey(key)) words.push(t(key));
    return words.filter(Boolean).join(", ");
  };
}
