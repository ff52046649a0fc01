import type { Named } from "@/api/catalogue";
import { useT, useWord } from "@/i18n";
import { useTable } from "@/live/room";
import type { Unit } from "@/live/rows";
import { UNIT_OFF } from "@/ui/UnitState";
import { ChoiceAsk } from "../assignment/ChoiceAsk";
import { useNames } from "../assignment/names";
import { add, askFor } from "./desk";
import type { ProposalRow, Recommendation } from "./proposal";

const one = (code: string, words: string): Named => ({ code, name: { id: words, en: words } });

/** Units that can be sent and agencies, by name: what the proposal did not think of. */
function useChoices(): Named[] {
  const t = useT();
  const word = useWord();
  const names = useNames();
  const units = Object.values(useTable("unit"));
  const agencies = Object.values(useTable("agency"));
  const free = (unit: Unit) =>
    unit.active && !unit.assignment_id && (!UNIT_OFF.has(unit.status) || unit.status === "break");
  return [
    ...units
      .filter(free)
      .sort((a, b) => a.code.localeCompare(b.code))
      .map((unit) =>
        one(unit.id, `${unit.code} ${names.unitType(unit.type)} ${word("unit_status", unit.status)}`),
      ),
    ...agencies
      .filter((agency) => agency.active)
      .map((agency) => one(agency.id, t("dispatch.add.agency", { agency: agency.short_name }))),
  ];
}

type Props = { advice: Recommendation | null; marked: ReadonlySet<string> };

export function AddAsk({ advice, marked }: Props) {
  const t = useT();
  const units = useTable("unit");
  const choices = useChoices();
  const rowOf = (id: string): ProposalRow => {
    const unit = units[id];
    if (!unit) return { id, kind: "agency", agency: id, told: null };
    const known = advice?.units.find((proposed) => proposed.unit_id === id);
    const bare = {
      unit_id: id,
      eta_s: null,
      turnout_s: 0,
      reason_code: "added",
      reason_facts: { station: unit.station },
      suitable: true,
    };
    return { id, kind: "unit", agency: unit.agency, proposed: known ?? bare };
  };
  return (
    <ChoiceAsk
      id="dispatch.add"
      title={t("dispatch.add")}
      choices={choices}
      confirm="dispatch.add.confirm"
      onChoose={(id) => add(rowOf(id), marked)}
      onCancel={() => askFor(null)}
    />
  );
}
