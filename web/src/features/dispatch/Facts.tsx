import { useCatalogue, useNamed } from "@/api/catalogue";
import { useT, useWord } from "@/i18n";
import { wibShort } from "@/i18n/format";
import type { Incident } from "@/live/rows";
import { placeLine, useNames } from "../assignment/names";
import type { IncidentDetail } from "../assignment/verbs";

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="t3">{label}</dt>
      <dd>{children || "–"}</dd>
    </>
  );
}

/** What the caller said and what was noted since: everything a crew may ask the desk about. */
export function Facts({ incident, page }: { incident: Incident; page: IncidentDetail | undefined }) {
  const t = useT();
  const names = useNames();
  const named = useNamed();
  const word = useWord();
  const catalogue = useCatalogue();
  const where = [
    incident.landmark,
    incident.uncertainty_m ? `± ${Math.round(incident.uncertainty_m)} m` : null,
  ];
  return (
    <dl className="facts scroll grow">
      <Fact label={t("dispatch.fact.ticket")}>
        {incident.ticket_number} · {incident.type}
      </Fact>
      <Fact label={t("dispatch.fact.narrative")}>{incident.narrative}</Fact>
      <Fact label={t("dispatch.fact.dangers")}>{(incident.dangers ?? []).map(names.danger).join(", ")}</Fact>
      <Fact label={t("dispatch.fact.place")}>{placeLine(incident, names)}</Fact>
      <Fact label={t("dispatch.fact.landmark")}>{where.filter(Boolean).join(" · ")}</Fact>
      <Fact label={t("dispatch.fact.reporter")}>
        {[incident.reporter_name, incident.callback_number].filter(Boolean).join(" · ")}
      </Fact>
      <Fact label={t("dispatch.fact.channel")}>
        {named(catalogue?.intake_channels, incident.intake_channel)} · {wibShort(incident.opened_at)}
      </Fact>
      <Fact label={t("dispatch.fact.state")}>{word("incident_state", incident.state)}</Fact>
      {(page?.notes ?? []).map((note) => (
        <Fact key={note.id} label={`${wibShort(note.written_at)} ${names.person(note.written_by)}`}>
          {note.text}
        </Fact>
      ))}
    </dl>
  );
}
