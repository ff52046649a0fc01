import { useQueryClient } from "@tanstack/react-query";
import { useT } from "@/i18n";
import { tell } from "@/keys/notice";
import type { Incident } from "@/live/rows";
import { ReasonField } from "@/ui/ReasonField";
import { LockMark } from "@/ui/States";
import { openRestricted } from "../assignment/verbs";
import { askFor } from "./desk";

/** A restricted case to somebody who may not read it: who may, and the reason that opens it. */
export function Restricted({ incident }: { incident: Incident }) {
  const t = useT();
  const queries = useQueryClient();
  const open = async (reason: string) => {
    await openRestricted(incident.id, reason);
    await queries.invalidateQueries({ queryKey: ["incident", incident.id] });
    askFor(null);
    tell(t("dispatch.opened"));
  };
  return (
    <div className="panel-body restricted">
      <LockMark />
      <p className="t2">{t("denied.restrictedWho")}</p>
      <ReasonField
        id="dispatch.access"
        label={t("denied.reason")}
        confirm="denied.open"
        keys="Alt O"
        onReason={open}
        onCancel={() => askFor(null)}
      />
    </div>
  );
}
