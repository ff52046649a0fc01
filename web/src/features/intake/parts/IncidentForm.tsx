import { useCatalogue } from "@/api/catalogue";
import { isWaiting, useOutbox } from "@/api/outbox";
import { translate, useT } from "@/i18n";
import { wibShort, wibTime } from "@/i18n/format";
import { tell } from "@/keys/notice";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { DeskButton } from "@/ui/DeskButton";
import { AreaField, TextField } from "@/ui/Field";
import { LockMark } from "@/ui/States";
import { type Draft, emptyDraft, hasContent, missing } from "../draft/draft";
import { changeDraft, dropDraft, focusDraft, putDraft } from "../draft/drafts";
import type { Desk } from "../useDesk";
import { openFrom } from "../verbs";
import { ChannelPicker } from "./ChannelPicker";
import { DangerChips } from "./DangerChips";
import { LocationField } from "./LocationField";
import { TypePicker } from "./TypePicker";

type Props = {
  desk: Desk;
  draft: Draft;
  onLook: (lon: number, lat: number, uncertaintyM: number | null) => void;
};

function useFormActions(desk: Desk, draft: Draft): { open: DeskAction; clear: DeskAction; back: DeskAction } {
  const t = useT();
  useOutbox();
  const waiting = draft.waitingKey !== null && isWaiting(draft.waitingKey);
  const lacks = missing(draft);
  const why = waiting
    ? t("intake.opened.waiting")
    : lacks.length > 0
      ? t(`intake.form.missing.${lacks[0] ?? "place"}`)
      : null;
  const open: DeskAction = {
    id: "incident.open",
    label: desk.away ? "intake.form.keep" : "intake.form.open",
    keys: "Ctrl Enter",
    blocked: why,
    run: () => openFrom(draft),
  };
  const clear: DeskAction = {
    id: "incident.clear",
    label: "intake.form.clear",
    keys: "Alt X",
    blocked: waiting ? t("intake.opened.waiting") : null,
    run: () => {
      putDraft(
        emptyDraft(draft.id, draft.callId, draft.channel, desk.call?.number ?? desk.row?.caller_number ?? ""),
      );
      tell(translate("intake.form.cleared"));
    },
  };
  const back: DeskAction = {
    id: "incident.back",
    label: "intake.form.back",
    keys: "Esc",
    run: () => {
      if (!draft.callId && !hasContent(draft)) dropDraft(draft.id);
      focusDraft(null);
    },
  };
  return { open, clear, back };
}

/** The incident as it is typed. Every change is kept at once: it outlives a reload, the call and the session. */
export function IncidentForm({ desk, draft, onLook }: Props) {
  const t = useT();
  const catalogue = useCatalogue();
  const { open, clear, back } = useFormActions(desk, draft);
  useDeskKeys([open, clear, back]);
  const change = (part: Partial<Draft>) => changeDraft(draft, part);
  const type = catalogue?.incident_types.find((one) => one.code === draft.type);
  const callerNumber = desk.call?.number ?? desk.row?.caller_number ?? null;
  return (
    <section
      className="panel"
      aria-label={draft.callId ? t("intake.form.location") : t("intake.form.noCall")}
    >
      <div className="form scroll">
        {!draft.callId && (
          <ChannelPicker channel={draft.channel} onChange={(channel) => change({ channel })} />
        )}
        {draft.callId && desk.call?.call_id !== draft.callId && desk.row && (
          <p className="t2 s13">{t("intake.form.call", { at: wibShort(desk.row.offered_at) })}</p>
        )}
        <LocationField desk={desk} draft={draft} onChange={change} onLook={onLook} />
        <TextField
          label={t("intake.form.landmark")}
          placeholder={t("intake.form.landmarkPlaceholder")}
          maxLength={300}
          value={draft.landmark}
          onChange={(event) => change({ landmark: event.target.value })}
        />
        <TypePicker draft={draft} onChange={change} />
        {type?.restricted && (
          <p className="restricted-note">
            <LockMark /> {t("intake.form.restricted")}
          </p>
        )}
        <DangerChips draft={draft} category={type?.category ?? null} onChange={change} />
        <div className="form-grow">
          <AreaField
            step="4"
            label={t("intake.form.narrative")}
            placeholder={t("intake.form.narrativePlaceholder")}
            maxLength={4000}
            value={draft.narrative}
            onChange={(event) => change({ narrative: event.target.value })}
          />
        </div>
        <div className="form-pair">
          <TextField
            step="5"
            label={t("intake.form.callback")}
            inputMode="tel"
            maxLength={32}
            value={draft.callback}
            hint={
              callerNumber && draft.callback === callerNumber ? (
                <span className="wide-only">{t("intake.form.sameNumber")}</span>
              ) : null
            }
            onChange={(event) => change({ callback: event.target.value })}
          />
          <TextField
            step="6"
            label={t("intake.form.reporter")}
            placeholder={t("intake.form.reporterPlaceholder")}
            maxLength={120}
            value={draft.reporter}
            onChange={(event) => change({ reporter: event.target.value })}
          />
        </div>
      </div>
      <footer className="panel-acts">
        <DeskButton primary action={open} quietReason />
        <DeskButton action={clear} quietReason />
        <DeskButton action={back} />
        <span className="grow" />
        <span className="t2 s12 nowrap" role="status">
          {open.blocked && hasContent(draft) ? (
            <span className="ellipsis wide-only">{open.blocked}</span>
          ) : null}
          {draft.changedAt > 0 && (
            <span className="draft-saved">
              <span className="wide-only">
                {t("intake.form.draftSaved", { at: wibTime(draft.changedAt) })}
              </span>
              <span className="narrow-only">{wibTime(draft.changedAt)}</span>
            </span>
          )}
        </span>
      </footer>
    </section>
  );
}
