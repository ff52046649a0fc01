import { placeLine, useNames } from "@/features/assignment/names";
import { useT } from "@/i18n";
import { shortNumber } from "@/i18n/format";
import { useTable } from "@/live/room";
import { Panel } from "@/ui/Panel";
import { Priority } from "@/ui/Priority";
import { EmptyState, LockMark, RestrictedSign } from "@/ui/States";
import { openIncidents } from "../calls";

type Props = { unknown: boolean; chosenId: string | null; onChoose: (id: string) => void };

/** What is going on in the regency: the second caller about the same fire is answered better. */
export function OpenIncidents({ unknown, chosenId, onChoose }: Props) {
  const t = useT();
  const names = useNames();
  const open = openIncidents(useTable("incident"));
  return (
    <Panel grow title={t("intake.incidents")} count={unknown ? "–" : open.length}>
      <div className="scroll grow">
        {unknown && <EmptyState title={t("intake.unknown")} fact={t("intake.unknownFact")} />}
        {open.length === 0 && !unknown && (
          <EmptyState title={t("intake.incidents.none")} fact={t("intake.incidents.noneFact")} />
        )}
        {open.map((incident) => (
          <button
            key={incident.id}
            type="button"
            className="list-row incident-line"
            aria-pressed={incident.id === chosenId}
            onClick={() => onChoose(incident.id)}
          >
            <Priority code={incident.priority} />
            <span className="ellipsis">
              {incident.masked ? (
                <LockMark />
              ) : (
                <b>
                  {incident.restricted && <RestrictedSign />}
                  {names.type(incident)}
                </b>
              )}
              <br />
              <span className="s12 t2">
                {incident.masked ? t("intake.incidents.hidden") : placeLine(incident, names)}
              </span>
            </span>
            <span className="t2 s13">{shortNumber(incident.short_number)}</span>
          </button>
        ))}
      </div>
    </Panel>
  );
}
