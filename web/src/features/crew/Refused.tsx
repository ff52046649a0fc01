import { useCatalogue, useNamed } from "@/api/catalogue";
import { useOutbox } from "@/api/outbox";
import { useT } from "@/i18n";
import { shortNumber } from "@/i18n/format";
import { understood } from "./crewActions";
import { useKept } from "./keep";
import { LANE } from "./phone";

/** What the server would not take, in its own words; and that the room has ended the task. */
export function Refused() {
  const t = useT();
  const named = useNamed();
  const catalogue = useCatalogue();
  const refused = useOutbox((box) => box.waiting).filter((line) => line.lane === LANE && line.refused);
  const ended = useKept((one) => one.ended);
  return (
    <>
      {ended && (
        <div className="phone-news" role="alert">
          <span>
            <b>{t("crew.ended", { number: shortNumber(ended.number) })}</b>{" "}
            {ended.reason ? named(catalogue?.cancel_reasons, ended.reason) : t("crew.ended.why")}
          </span>
          <button type="button" className="btn" onClick={() => useKept.setState({ ended: null })}>
            {t("crew.understood")}
          </button>
        </div>
      )}
      {refused.map((line) => (
        <div key={line.key} className="phone-news" role="alert">
          <span>
            <b>{line.label}:</b> {line.refused}
          </span>
          <button type="button" className="btn" onClick={() => understood(line.key)}>
            {t("crew.understood")}
          </button>
        </div>
      ))}
    </>
  );
}
