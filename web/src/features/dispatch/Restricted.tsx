import { useQueryClient } from "@tanstack/react-query";
import { useT } from "@/i18n";
import { tell } from "@/keys/notice";
import { useDeskKeys } from "@/keys/registry";
import type { Incident } from "@/live/rows";
import { DeskButton } from "@/ui/DeskButton";
import { ReasonField } from "@/ui/ReasonField";
import { LockMark } from "@/ui/States";
import { openRestricted } from "../assignment/verbs";
import { askFor, useDesk } from "./desk";

/** A restricted case to somebody who may not read it: who may, and after its key the reason that opens it. */
export function Restricted({ incident }: { incident: Incident }) {
  const t = useT();
  const queries = useQueryClient();
  const asking = useDesk((desk) => desk.ask?.kind === "access");
  const ask = {
    id: "dispatch.access",
    label: "denied.open" as const,
    keys: "Alt O",
    run: () => askFor({ kind: "access" }),
  };
  useDeskKeys(asking ? [] : [ask]);
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
      {asking ? (
        <ReasonField
          id="dispatch.access"
          of={incident.id}
          label={t("denied.reason")}
          confirm="denied.open"
          keys="Ctrl Enter"
          onReason={open}
          onCancel={() => askFor(null)}
        />
      ) : (
        <div className="row">
          <DeskButton action={ask} />
        </div>
      )}
    </div>
  );
}
