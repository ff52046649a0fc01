import { useT } from "@/i18n";
import { shortNumber } from "@/i18n/format";
import { useDeskKeys } from "@/keys/registry";
import type { Incident } from "@/live/rows";
import { DeskButton } from "@/ui/DeskButton";
import { TextField } from "@/ui/Field";
import { type Draft, missing } from "../draft/draft";
import { changeDraft } from "../draft/drafts";
import type { Desk } from "../useDesk";
import { correct } from "../verbs";
import { LocationField } from "./LocationField";
import { TypePicker } from "./TypePicker";

type Props = {
  desk: Desk;
  draft: Draft;
  incident: Incident;
  onLook: (lon: number, lat: number, uncertaintyM: number | null) => void;
};

/** Place and type of an opened incident, corrected: what was said before stays in the journal. */
export function CorrectIncident({ desk, draft, incident, onLook }: Props) {
  const t = useT();
  const change = (part: Partial<Draft>) => changeDraft(draft, part);
  const lacks = missing(draft)[0];
  const save = {
    id: "incident.correct.save",
    label: "intake.correct.save" as const,
    keys: "Ctrl Enter",
    blocked: desk.away ? t("intake.correct.away") : lacks ? t(`intake.form.missing.${lacks}`) : null,
    run: () => correct(draft, incident),
  };
  const back = {
    id: "incident.correct.back",
    label: "denied.back" as const,
    keys: "Esc",
    run: () => change({ correcting: false }),
  };
  useDeskKeys([save, back]);
  const number = shortNumber(incident.short_number);
  return (
    <section className="panel" aria-label={t("intake.correct.title", { number })}>
      <header className="panel-head">
        <h2>{t("intake.correct.title", { number })}</h2>
        <span className="grow" />
        <DeskButton small action={back} />
      </header>
      <div className="form scroll">
        <LocationField desk={desk} draft={draft} onChange={change} onLook={onLook} />
        <TextField
          label={t("intake.form.landmark")}
          maxLength={300}
          value={draft.landmark}
          onChange={(event) => change({ landmark: event.target.value })}
        />
        <TypePicker draft={draft} onChange={change} />
      </div>
      <footer className="panel-acts">
        <DeskButton primary action={save} quietReason />
        {save.blocked && <span className="btn-reason">{save.blocked}</span>}
      </footer>
    </section>
  );
}
