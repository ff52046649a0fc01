import { useState } from "react";
import { useCatalogue } from "@/api/catalogue";
import { isWaiting, useOutbox } from "@/api/outbox";
import { translate, useT } from "@/i18n";
import { wibShort, wibTime } from "@/i18n/format";
import { tell } from "@/keys/notice";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { DeskButton } from "@/ui/DeskButton";
import { TextField } from "@/ui/Field";
import { LockMark } from "@/ui/States";
import { type Draft, emptyDraft, hasContent, missing } from "../draft/draft";
import { changeDraft, dropDraft, focusDraft, putDraft } from "../draft/drafts";
import { maskNumber } from "../number";
import type { Desk } from "../useDesk";
import { keepNote, openFrom } from "../verbs";
import { ChannelPicker } from "./ChannelPicker";
import { DangerChips } from "./DangerChips";
import { LocationField } from "./LocationField";
import { Narrative } from "./Narrative";
import { TypePicker } from "./TypePicker";

type Props = {
  desk: Desk;
  draft: Draft;
  onLook: (lon: number, lat: number, uncertaintyM: number | null) => void;
};

type FormActions = { open: DeskAction; clear: DeskAction; back: DeskAction };

function useFormActions(desk: Desk, draft: Draft): FormActions {
  const t = useT();
  useOutbox();
  const waiting =
    draft.waitingKey !== null && isWaiting(draft.waitingKey) ? t("intake.opened.waiting") : null;
  const lacks = missing(draft)[0];
  return {
    open: {
      id: "incident.open",
      label: desk.away ? "intake.form.keep" : "intake.form.open",
      keys: "Ctrl Enter",
      blocked: waiting ?? (lacks ? t(`intake.form.missing.${lacks}`) : null),
      run: () => openFrom(draft),
    },
    clear: {
      id: "incident.clear",
      label: "intake.form.clear",
      keys: "Alt X",
      blocked: waiting,
      run: () => {
        const number = desk.call?.number ?? desk.row?.caller_number ?? "";
        putDraft(emptyDraft(draft.id, draft.callId, draft.channel, draft.callId ? number : ""));
        tell(translate("intake.form.cleared"));
      },
    },
    back: {
      id: "incident.back",
      label: "denied.back",
      keys: "Esc",
      run: () => {
        if (!draft.callId && !hasContent(draft)) dropDraft(draft.id);
        if (draft.callId) keepNote(draft.callId);
        focusDraft(null);
      },
    },
  };
}

/** The incident as it is typed. Every change is kept at once: it outlives a reload, the call and the session. */
export function IncidentForm({ desk, draft, onLook }: Props) {
  const t = useT();
  const { open, clear, back } = useFormActions(desk, draft);
  useDeskKeys([open, clear, back]);
  const change = (part: Partial<Draft>) => changeDraft(draft, part);
  const current = draft.callId !== null && desk.call?.call_id === draft.callId;
  return (
    <section className="panel" aria-label={t(draft.callId ? "intake.form.ofCall" : "intake.form.noCall")}>
      {!current && <FormHead desk={desk} draft={draft} back={back} />}
      <div className="form scroll">
        {!draft.callId && (
          <ChannelPicker channel={draft.channel} onChange={(channel) => change({ channel })} />
        )}
        <LocationField desk={desk} draft={draft} onChange={change} onLook={onLook} />
        <div className={draft.place || !draft.words ? undefined : "wide-only"}>
          <TextField
            label={t("intake.form.landmark")}
            placeholder={t("intake.form.landmarkPlaceholder")}
            maxLength={300}
            value={draft.landmark}
            onChange={(event) => change({ landmark: event.target.value })}
          />
        </div>
        <TypePicker draft={draft} onChange={change} />
        <TypeParts draft={draft} onChange={change} />
        <div className="form-grow">
          <Narrative draft={draft} onChange={change} />
        </div>
        <Reporter
          draft={draft}
          callerNumber={draft.callId ? (desk.call?.number ?? desk.row?.caller_number ?? null) : null}
          onChange={change}
        />
      </div>
      <footer className="panel-acts">
        <DeskButton primary action={open} quietReason />
        <DeskButton action={clear} quietReason />
        <span className="grow" />
        <DraftState draft={draft} away={desk.away} />
      </footer>
    </section>
  );
}

/** A form that is not about the call at the seat says what it is about, and has a way back. */
function FormHead({ desk, draft, back }: { desk: Desk; draft: Draft; back: DeskAction }) {
  const t = useT();
  const at = desk.row ? wibShort(desk.row.offered_at) : "–";
  return (
    <header className="panel-head">
      <h2>{draft.callId ? t("intake.form.call", { at }) : t("intake.form.noCall")}</h2>
      <span className="grow" />
      <DeskButton small action={back} />
    </header>
  );
}

/** What follows from the type: the warning of a restricted case, the dangers that are asked first. */
function TypeParts({ draft, onChange }: { draft: Draft; onChange: (part: Partial<Draft>) => void }) {
  const t = useT();
  const catalogue = useCatalogue();
  const type = catalogue?.incident_types.find((one) => one.code === draft.type);
  return (
    <>
      {type?.restricted && (
        <p className="restricted-note">
          <LockMark /> {t("intake.form.restricted")}
        </p>
      )}
      <DangerChips draft={draft} category={type?.category ?? null} onChange={onChange} />
    </>
  );
}

type ReporterProps = { draft: Draft; callerNumber: string | null; onChange: (part: Partial<Draft>) => void };

/** Who can be called back. The caller's own number is shown whole only while it is being typed on. */
function Reporter({ draft, callerNumber, onChange }: ReporterProps) {
  const t = useT();
  const same = callerNumber !== null && draft.callback === callerNumber;
  const [typing, setTyping] = useState(false);
  return (
    <div className="form-pair">
      <TextField
        step="5"
        label={t("intake.form.callback")}
        inputMode="tel"
        maxLength={32}
        value={same && !typing ? maskNumber(draft.callback) : draft.callback}
        onFocus={() => setTyping(true)}
        onBlur={() => setTyping(false)}
        hint={same ? <span className="wide-only">{t("intake.form.sameNumber")}</span> : null}
        onChange={(event) => onChange({ callback: event.target.value })}
      />
      <TextField
        step="6"
        label={t("intake.form.reporter")}
        placeholder={t("intake.form.reporterPlaceholder")}
        maxLength={120}
        value={draft.reporter}
        onChange={(event) => onChange({ reporter: event.target.value })}
      />
    </div>
  );
}

/** What is still missing, and when the draft was last kept. */
function DraftState({ draft, away }: { draft: Draft; away: boolean }) {
  const t = useT();
  const lacks = missing(draft)[0];
  return (
    <span className="draft-state t2 s12 right nowrap" role="status">
      {lacks && hasContent(draft) && <span>{t(`intake.form.lacks.${lacks}`)}</span>}
      {draft.changedAt > 0 && (
        <span className={away || (lacks && hasContent(draft)) ? "wide-only" : undefined}>
          {t("intake.form.draft")} <span className="wide-only">{t("intake.form.draftKept")} </span>
          {wibTime(draft.changedAt)}
        </span>
      )}
    </span>
  );
}
