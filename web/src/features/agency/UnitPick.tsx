import { useT } from "@/i18n";
import { duration } from "@/i18n/format";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { Key } from "@/ui/Key";
import { UnitState } from "@/ui/UnitState";
import { useNames } from "../assignment/names";
import { toggle } from "./console";
import type { Choice } from "./useTask";

type Props = { choices: readonly Choice[]; marked: ReadonlySet<string>; asked: string | null };

/** Own units with number keys; marked ones go. The one that the room asked for is always marked. */
export function UnitPick({ choices, marked, asked }: Props) {
  const t = useT();
  const names = useNames();
  const keys: DeskAction[] = choices.map(({ unit }, index) => ({
    id: `opd.mark.${index + 1}`,
    label: "dispatch.mark",
    keys: String(index + 1),
    keyOnly: true,
    run: () => toggle(unit.id, marked),
  }));
  useDeskKeys(keys);
  return (
    <div role="group" aria-label={t("opd.units")}>
      {asked && (
        <p className="pick-row on">
          <span />
          <b>{names.unit(asked)}</b>
          <span className="t2">{t("opd.askedByRoom")}</span>
        </p>
      )}
      {choices.map(({ unit, etaS }, index) => (
        <button
          key={unit.id}
          type="button"
          role="checkbox"
          aria-checked={marked.has(unit.id)}
          className={`list-row pick-row${marked.has(unit.id) ? " on" : ""}`}
          onClick={() => toggle(unit.id, marked)}
        >
          <Key keys={String(index + 1)} />
          <b>{unit.code}</b>
          <span className="ellipsis">
            {names.unitType(unit.type)} · {unit.station}
          </span>
          <UnitState status={unit.status} />
          <b className="right">{duration(etaS)}</b>
        </button>
      ))}
      {choices.length === 0 && !asked && <p className="empty t2">{t("opd.noneReady")}</p>}
    </div>
  );
}
