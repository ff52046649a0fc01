import { type Named, useCatalogue } from "@/api/catalogue";
import { useT, useWord } from "@/i18n";
import { tell } from "@/keys/notice";
import { useTable } from "@/live/room";
import type { Unit, UnitStatus } from "@/live/rows";
import { useSeen } from "@/live/seen";
import { ChoiceAsk } from "./ChoiceAsk";
import * as verbs from "./verbs";

type Props = {
  /** Null: which unit is asked first. */
  unitId: string | null;
  /** Whose units may be named. */
  among: (unit: Unit) => boolean;
  onUnit: (id: string) => void;
  onDone: () => void;
};

/** First which unit, then what it does now: only what the unit's present status allows. */
export function StatusAsk({ unitId, among, onUnit, onDone }: Props) {
  const t = useT();
  const word = useWord();
  const units = useTable("unit");
  const unit = unitId ? units[unitId] : undefined;
  if (!unit) {
    const own: Named[] = Object.values(units)
      .filter((one) => one.active && among(one))
      .sort((a, b) => a.code.localeCompare(b.code))
      .map((one) => {
        const words = `${one.code} ${word("unit_status", one.status)}`;
        return { code: one.id, name: { id: words, en: words } };
      });
    return (
      <ChoiceAsk
        key="unit"
        over
        id="unit.status.unit"
        title={t("opd.status.which")}
        choices={own}
        confirm="opd.next.step"
        onChoose={onUnit}
        onCancel={onDone}
      />
    );
  }
  return <NowAsk key={unit.id} unit={unit} onDone={onDone} />;
}

function NowAsk({ unit, onDone }: { unit: Unit; onDone: () => void }) {
  const t = useT();
  const word = useWord();
  const catalogue = useCatalogue();
  const asSeen = useSeen(unit, ["status", "assignment_id"]);
  const allowed = catalogue?.unit_statuses.find((one) => one.code === unit.status)?.by_hand_to ?? [];
  const choices = (catalogue?.unit_statuses ?? []).filter((one) => allowed.includes(one.code));
  return (
    <ChoiceAsk
      key="status"
      over
      id={`unit.status.${unit.id}`}
      title={t("opd.status.now", { unit: unit.code, status: word("unit_status", unit.status) })}
      choices={choices}
      confirm="opd.status.set"
      onChoose={async (status) => {
        await asSeen((rev) => verbs.setUnitStatus(unit.id, status as UnitStatus, { rev }));
        tell(t("opd.status.done", { unit: unit.code, status: word("unit_status", status) }));
        onDone();
      }}
      onCancel={onDone}
    />
  );
}
