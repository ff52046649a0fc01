import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useCatalogue, useNamed } from "@/api/catalogue";
import { openRestricted, readIncident } from "@/api/intake";
import { placeLine, useNames } from "@/features/assignment/names";
import { useT, useWord } from "@/i18n";
import { shortNumber } from "@/i18n/format";
import { useDeskKeys } from "@/keys/registry";
import { useTable } from "@/live/room";
import type { Incident } from "@/live/rows";
import { DeskButton } from "@/ui/DeskButton";
import { AreaField } from "@/ui/Field";
import { Icon } from "@/ui/Icon";
import { Priority } from "@/ui/Priority";
import { ReasonField } from "@/ui/ReasonField";
import { LockMark } from "@/ui/States";
import { correction, type Draft, openBody } from "../draft/draft";
import { changeDraft } from "../draft/drafts";
import type { Desk } from "../useDesk";
import { addNote, leaveForm } from "../verbs";
import { Notes } from "./Notes";

/** The row of the room, or for a restricted case the page that its opener may read. */
function useReadable(incident: Incident, away: boolean): Incident {
  const page = useQuery({
    queryKey: ["incidents", incident.id, incident.rev],
    queryFn: () => readIncident(incident.id),
    enabled: Boolean(incident.masked) && !away,
  });
  const read = page.data?.incident;
  return read && !read.masked ? { ...read, restricted: true } : incident;
}

/** After it is opened the asking goes on: notes are added, units are seen coming. */
export function OpenedIncident({
  desk,
  draft,
  incident: row,
}: {
  desk: Desk;
  draft: Draft;
  incident: Incident;
}) {
  const incident = useReadable(row, desk.away);
  const t = useT();
  const names = useNames();
  const word = useWord();
  const talking = desk.call?.phase === "talking" && desk.call.call_id === draft.callId;
  const [note, setNote] = useState(draft.note);
  const add = {
    id: "incident.note",
    label: "intake.opened.addNote" as const,
    keys: "Ctrl Enter",
    blocked: note.trim() ? null : t("intake.opened.noteNeeded"),
    run: () => {
      addNote(incident.id, note.trim());
      setNote("");
      changeDraft(draft, { note: "" });
    },
  };
  const done = {
    id: "incident.leave",
    label: "intake.opened.done" as const,
    keys: "Alt W",
    blocked: talking ? t("intake.opened.stillTalking") : null,
    run: () => leaveForm(draft),
  };
  const fix = {
    id: "incident.correct",
    label: "intake.correct" as const,
    keys: "Alt U",
    blocked: incident.masked ? t("denied.restricted") : desk.away ? t("intake.correct.away") : null,
    run: () => changeDraft(draft, correction(draft, incident)),
  };
  useDeskKeys([add, done, fix]);
  return (
    <section
      className="panel"
      aria-label={t("intake.opened.title", { number: shortNumber(incident.short_number) })}
    >
      <header className="panel-head">
        <Icon name="check" />
        <h2>{t("intake.opened.title", { number: shortNumber(incident.short_number) })}</h2>
        <span className="count">{incident.ticket_number}</span>
        <span className="grow" />
        <span className="tag filled">{word("incident_state", incident.state)}</span>
      </header>
      <div className="form scroll">
        <div className="row">
          <Priority code={incident.priority} />
          <b className="s16 ellipsis">{names.type(incident)}</b>
          {incident.restricted && !incident.masked && <LockMark />}
        </div>
        <div className="row">
          <p className="grow">
            {placeLine(incident, names)}
            {incident.landmark && <span className="t2"> · {incident.landmark}</span>}
          </p>
          <DeskButton small action={fix} quietReason />
        </div>
        {incident.narrative && <p className="t2">{incident.narrative}</p>}
        {incident.masked && !desk.away && <AskAccess incidentId={incident.id} />}
        <SentUnits incidentId={incident.id} />
        {!desk.away && !incident.masked && <Notes incidentId={incident.id} />}
        <div className="form-grow">
          <AreaField
            label={t("intake.opened.note")}
            autoFocus
            value={note}
            maxLength={4000}
            onChange={(event) => {
              setNote(event.target.value);
              changeDraft(draft, { note: event.target.value });
            }}
          />
        </div>
      </div>
      <footer className="panel-acts">
        <DeskButton primary action={add} quietReason />
        <DeskButton action={done} quietReason />
        {done.blocked && <span className="btn-reason">{done.blocked}</span>}
      </footer>
    </section>
  );
}

/** A restricted case that is not ours to read yet: it opens with a reason, and the supervisor is told. */
function AskAccess({ incidentId }: { incidentId: string }) {
  const t = useT();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const open = {
    id: "incident.access",
    label: "denied.open" as const,
    keys: "Alt O",
    run: () => setAsking(true),
  };
  useDeskKeys(asking ? [] : [open]);
  if (!asking) return <DeskButton action={open} icon="lock" />;
  return (
    <ReasonField
      id="incident.access"
      of={incidentId}
      label={t("denied.reason")}
      confirm="denied.open"
      onReason={async (reason) => {
        await openRestricted(incidentId, reason);
        await queries.invalidateQueries({ queryKey: ["incidents", incidentId] });
        setAsking(false);
      }}
      onCancel={() => setAsking(false)}
    />
  );
}

function SentUnits({ incidentId }: { incidentId: string }) {
  const t = useT();
  const word = useWord();
  const assignments = Object.values(useTable("assignment")).filter((one) => one.incident_id === incidentId);
  const units = useTable("unit");
  const agencies = useTable("agency");
  return (
    <div>
      <span className="label">{t("intake.opened.units")}</span>
      {assignments.length === 0 && <p className="t2 s13">{t("intake.opened.noUnits")}</p>}
      <ul>
        {assignments.map((one) => (
          <li key={one.id} className="row">
            <b>
              {(one.unit_id && units[one.unit_id]?.code) || agencies[one.agency]?.short_name || one.agency}
            </b>
            <span className="t2">{word("assignment_state", one.state)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The incident lies in the outbox: what waits, and what the server said if it refused. */
export function WaitingIncident({ desk, draft }: { desk: Desk; draft: Draft }) {
  const t = useT();
  const named = useNamed();
  const catalogue = useCatalogue();
  const talking = desk.call?.phase === "talking" && desk.call.call_id === draft.callId;
  const body = openBody(draft);
  const done = {
    id: "incident.leave",
    label: "intake.opened.done" as const,
    keys: "Alt W",
    blocked: talking ? t("intake.opened.stillTalking") : null,
    run: () => leaveForm(draft),
  };
  useDeskKeys([done]);
  return (
    <section className="panel" aria-label={t("intake.opened.waiting")}>
      <header className="panel-head">
        <Icon name="clock" />
        <h2>{t("intake.opened.waiting")}</h2>
      </header>
      <div className="form scroll">
        <b className="s16">{named(catalogue?.incident_types, body.type)}</b>
        <p>{body.place.text}</p>
        <p className="t2">{body.narrative}</p>
        <p className="t2 s13">{t("intake.form.kept")}</p>
      </div>
      <footer className="panel-acts">
        <DeskButton action={done} quietReason />
        {done.blocked && <span className="btn-reason">{done.blocked}</span>}
      </footer>
    </section>
  );
}
