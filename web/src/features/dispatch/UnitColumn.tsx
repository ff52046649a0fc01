import { useT } from "@/i18n";
import { duration } from "@/i18n/format";
import { useDeskKeys } from "@/keys/registry";
import { secondsSince } from "@/live/clock";
import { DeskButton } from "@/ui/DeskButton";
import { Panel } from "@/ui/Panel";
import { EmptyState } from "@/ui/States";
import { UNIT_OFF, UnitState } from "@/ui/UnitState";
import { JobClockFace } from "../assignment/ClockCell";
import { type Names, useNames } from "../assignment/names";
import { StatusAsk } from "../assignment/StatusAsk";
import { askStatus, choose, statusDone, useDesk } from "./desk";
import { etaWords, type UnitCounts, type UnitGroup, type UnitRow } from "./units";

/** The last column: a late clock, the minutes it still needs, or how long it has been so. */
function Last({ row, nowS }: { row: UnitRow; nowS: number }) {
  if (row.clock && (row.stage === "late" || row.stage === "escalated")) {
    return <JobClockFace clock={row.clock} compact />;
  }
  if (row.etaS !== null && row.assignment?.state === "departed") return <>{etaWords(row.etaS)}</>;
  if (row.assignment?.state === "arrived" || UNIT_OFF.has(row.unit.status)) {
    return <>{duration(secondsSince(row.unit.status_since, nowS))}</>;
  }
  return null;
}

function where(row: UnitRow, names: Names): string {
  if (!row.incident) return row.unit.station ?? "–";
  return [names.number(row.incident), names.kecamatan(row.incident.kecamatan_code)].filter(Boolean).join(" ");
}

type RowProps = { row: UnitRow; names: Names; nowS: number; chosen: boolean };

function UnitLine({ row, names, nowS, chosen }: RowProps) {
  const off = UNIT_OFF.has(row.unit.status);
  return (
    <button
      type="button"
      className={`list-row unit-row${off ? " t3" : ""}${chosen ? " selected" : ""}`}
      aria-pressed={chosen}
      onClick={() => {
        useDesk.setState({ unitId: row.unit.id });
        if (row.incident) choose(row.incident.id);
      }}
    >
      <b>{row.unit.code}</b>
      <UnitState status={row.unit.status} />
      <span className={`ellipsis wide-only${off ? "" : " t2"}`}>{where(row, names)}</span>
      <span className="right t2 nowrap">
        <Last row={row} nowS={nowS} />
      </span>
    </button>
  );
}

type Props = { groups: readonly UnitGroup[]; counts: UnitCounts; nowS: number };

/** Units by agency: late first, then those with a job, those that are ready, and last those that cannot go. */
export function UnitColumn({ groups, counts, nowS }: Props) {
  const t = useT();
  const names = useNames();
  const unitId = useDesk((desk) => desk.unitId);
  const asking = useDesk((desk) => desk.statusAsk);
  const status = {
    id: "dispatch.unitStatus",
    label: "opd.status" as const,
    keys: "Alt S",
    run: () => askStatus(),
  };
  useDeskKeys(asking ? [] : [status]);
  return (
    <Panel
      title={t("dispatch.units")}
      count={
        <>
          {t("dispatch.units.ready", { n: counts.ready })}
          <span className="wide-only">{t("dispatch.units.rest", counts)}</span>
        </>
      }
    >
      <div className="scroll grow" role="group" aria-label={t("dispatch.units")}>
        {groups.length === 0 && (
          <EmptyState title={t("dispatch.units.none")} fact={t("dispatch.units.none.fact")} />
        )}
        {groups.map((group) => (
          <section key={group.agencies.map((one) => one.id).join()}>
            <h3 className="list-group t2">
              {group.agencies.map((one) => one.short_name).join(" · ")}
              <span className="group-note">
                {t("dispatch.units.of", { ready: group.ready, total: group.total })}
              </span>
            </h3>
            {group.rows.map((row) => (
              <UnitLine
                key={row.unit.id}
                row={row}
                names={names}
                nowS={nowS}
                chosen={row.unit.id === unitId}
              />
            ))}
          </section>
        ))}
      </div>
      {asking ? (
        <StatusAsk
          unitId={unitId}
          among={() => true}
          onUnit={(id) => useDesk.setState({ unitId: id })}
          onDone={statusDone}
        />
      ) : (
        <div className="unit-acts">
          <DeskButton small grow action={status} />
        </div>
      )}
    </Panel>
  );
}
