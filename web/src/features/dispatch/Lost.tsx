import { useT } from "@/i18n";
import { duration } from "@/i18n/format";
import { useDeskKeys } from "@/keys/registry";
import { useTable } from "@/live/room";
import { DeskButton } from "@/ui/DeskButton";
import { FailedLine } from "@/ui/States";
import { add, type LostRace, useDesk } from "./desk";
import { nextBest, type Recommendation } from "./proposal";

type Props = { lost: LostRace; advice: Recommendation | null; marked: ReadonlySet<string> };

/** Somebody else was first: who won, that nothing changed here, and the next best with its key. */
export function Lost({ lost, advice, marked }: Props) {
  const t = useT();
  const units = useTable("unit");
  const lostUnit = Object.values(units).find((unit) => unit.code === lost.unitId);
  const next =
    advice &&
    nextBest(advice, (id) => units[id]?.agency, {
      unitId: lostUnit?.id ?? null,
      agency: lostUnit?.agency ?? lost.agency,
    });
  const sign = next ? (units[next.unit_id]?.code ?? "–") : "–";
  const take = {
    id: "dispatch.lost.next",
    label: "dispatch.lost.take" as const,
    labelFacts: { unit: sign },
    keys: "Alt 1",
    blocked: next ? null : t("dispatch.lost.nobody"),
    run: () => {
      if (!next) return;
      const without = new Set([...marked].filter((id) => id !== lostUnit?.id));
      add(
        { id: next.unit_id, kind: "unit", agency: units[next.unit_id]?.agency ?? "", proposed: next },
        without,
      );
    },
  };
  const back = {
    id: "dispatch.lost.back",
    label: "denied.back" as const,
    keys: "Esc",
    run: () => useDesk.setState({ lost: null }),
  };
  useDeskKeys([take, back]);
  return (
    <div className="lost">
      <FailedLine title={lost.text}>
        {t("dispatch.lost.unchanged")}{" "}
        {next && t("dispatch.lost.next", { unit: sign, age: duration(next.eta_s) })}
      </FailedLine>
      <div className="row">
        <DeskButton small action={take} />
        <DeskButton small action={back} />
      </div>
    </div>
  );
}
