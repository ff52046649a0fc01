import { useCatalogue } from "@/api/catalogue";
import { useOutbox } from "@/api/outbox";
import { useT, useWord } from "@/i18n";
import { wibShort } from "@/i18n/format";
import type { Unit, UnitStatus } from "@/live/rows";
import { Icon } from "@/ui/Icon";
import { UNIT_GLYPH } from "@/ui/UnitState";
import { setStatus } from "./crewActions";
import { isSecondTap } from "./doubleTap";
import { statusAfter } from "./phone";
import { ThumbButton } from "./Thumb";
import type { PositionState } from "./usePosition";

const OTHERS: UnitStatus[] = ["break", "unmanned", "out_of_service"];

/** No task: what the unit does, and the statuses it may take by hand. */
export function Idle({ unit, position }: { unit: Unit; position: PositionState }) {
  const t = useT();
  const word = useWord();
  const catalogue = useCatalogue();
  const status = statusAfter(
    unit,
    useOutbox((box) => box.waiting),
  );
  const allowed = catalogue?.unit_statuses.find((one) => one.code === status)?.by_hand_to ?? [];
  const ready = status === "available";
  return (
    <>
      <div className="phone-body idle">
        <p className={`idle-status${ready ? " ready" : ""}`}>
          <Icon name={UNIT_GLYPH[status]} />
          {word("unit_status", status)}
        </p>
        <p className="t2 s16">{t("crew.since", { at: wibShort(unit.status_since) })}</p>
        <p className="s16">{t(ready ? "crew.idle.ready" : "crew.idle.notReady")}</p>
        <p className="t2 s16">{t(`crew.position.${position}`)}</p>
      </div>
      <div className="status-buttons">
        {OTHERS.map((other) => (
          <button
            key={other}
            type="button"
            className={`side-button${other === status ? " on" : ""}`}
            disabled={!allowed.includes(other)}
            onClick={() => {
              if (!isSecondTap()) setStatus(unit, other, word("unit_status", other));
            }}
          >
            <Icon name={UNIT_GLYPH[other]} />
            {word("unit_status", other)}
          </button>
        ))}
      </div>
      <footer className="thumb-zone">
        {ready ? (
          <p className="thumb-note t2">{t("crew.idle.wait")}</p>
        ) : (
          <ThumbButton icon="ring" onPress={() => setStatus(unit, "available", t("crew.ready"))}>
            {t("crew.ready")}
          </ThumbButton>
        )}
      </footer>
    </>
  );
}
