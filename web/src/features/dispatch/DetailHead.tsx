import { useT, useWord } from "@/i18n";
import type { Incident } from "@/live/rows";
import { Icon } from "@/ui/Icon";
import { Priority } from "@/ui/Priority";
import { LockMark } from "@/ui/States";
import { placeLine, useNames } from "../assignment/names";

/** What and where, and at the right what is dangerous there or how far it is. */
export function DetailHead({ incident }: { incident: Incident }) {
  const t = useT();
  const word = useWord();
  const names = useNames();
  const dangers = (incident.dangers ?? []).map(names.danger);
  return (
    <header className="detail-head">
      <Priority code={incident.priority} />
      <h2 className="s16 strong nowrap">
        {names.number(incident)} {incident.masked ? <LockMark /> : names.type(incident)}
      </h2>
      <span className="t2 ellipsis grow">
        {incident.masked ? t("dispatch.masked") : placeLine(incident, names)}
      </span>
      {incident.restricted && !incident.masked && <LockMark />}
      {dangers.length > 0 ? (
        <span className="row strong nowrap dangers" title={dangers.join(", ")}>
          <Icon name="warning" />
          <span className="ellipsis">{dangers.join(", ")}</span>
        </span>
      ) : (
        <span className="nowrap">{word("incident_state", incident.state)}</span>
      )}
    </header>
  );
}
