import { useT } from "@/i18n";
import { useDeskKeys } from "@/keys/registry";
import { DeskButton } from "@/ui/DeskButton";
import { AreaField } from "@/ui/Field";
import { Icon } from "@/ui/Icon";
import type { Draft } from "../draft/draft";
import { noteCall, unnoted } from "../verbs";

type Props = { draft: Draft; onChange: (part: Partial<Draft>) => void };

/** What is told: the incident's narrative, or, where no incident is opened, the call's note. */
export function Narrative({ draft, onChange }: Props) {
  const t = useT();
  return (
    <AreaField
      step="4"
      label={t("intake.form.narrative")}
      placeholder={t("intake.form.narrativePlaceholder")}
      maxLength={4000}
      value={draft.narrative}
      aside={draft.callId && <CallNote draft={draft} />}
      onChange={(event) => onChange({ narrative: event.target.value })}
    />
  );
}

function CallNote({ draft }: { draft: Draft }) {
  const t = useT();
  const said = draft.narrative.trim() !== "";
  const open = unnoted(draft);
  const keep = {
    id: "call.note",
    label: "intake.note.keep" as const,
    keys: "Alt C",
    blocked: open ? null : t(said ? "intake.note.kept" : "intake.note.none"),
    run: () => noteCall(draft),
  };
  useDeskKeys([keep]);
  if (said && !open) {
    return (
      <span className="t2 s12 state" role="status">
        <Icon name="check" size={14} />
        {t("intake.note.kept")}
      </span>
    );
  }
  return <DeskButton small action={keep} quietReason />;
}
