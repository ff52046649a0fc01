import { useT } from "@/i18n";
import { duration } from "@/i18n/format";
import { useDeskKeys } from "@/keys/registry";
import { secondsSince, useSecond } from "@/live/clock";
import { useTable } from "@/live/room";
import type { Unit } from "@/live/rows";
import { DeskButton } from "@/ui/DeskButton";
import { Panel } from "@/ui/Panel";
import { UNIT_OFF, UnitState } from "@/ui/UnitState";
import { useNames } from "../assignment/names";
import { ConsoleAsks } from "./Asks";
import { askFor, choose, useConsole } from "./console";
import { statusAction } from "./taskActions";

type GroupId = "ready" | "busy" | "off";

function groupOf(unit: Unit): GroupId {
  if (unit.assignment_id) return "busy";
  return UNIT_OFF.has(unit.status) ? "off" : "ready";
}

function UnitLine({ unit, nowS }: { unit: Unit; nowS: number }) {
  const names = useNames();
  const job = useTable("assignment")[unit.assignment_id ?? ""];
  const incident = useTable("incident")[job?.incident_id ?? ""];
  const age = duration(secondsSince(unit.status_since, nowS));
  const where = incident
    ? `${names.number(incident)} · ${age}`
    : (names.kecamatan(unit.kecamatan_code) ?? unit.station);
  return (
    <button
      type="button"
      className={`list-row own-unit${groupOf(unit) === "off" ? " t3" : ""}`}
      onClick={() => (incident ? choose(incident.id) : askFor({ kind: "status", unitId: unit.id }))}
    >
      <b>{unit.code}</b>
      <UnitState status={unit.status} />
      <span className="t2 ellipsis right">{where}</span>
    </button>
  );
}

/** The agency's own units; their status is set here while no job holds them. */
export function OwnUnits({ agency }: { agency: string }) {
  const t = useT();
  const nowS = useSecond();
  const ask = useConsole((one) => one.ask);
  const units = Object.values(useTable("unit"))
    .filter((unit) => unit.agency === agency && unit.active)
    .sort((a, b) => a.code.localeCompare(b.code));
  const ready = units.filter((unit) => groupOf(unit) === "ready").length;
  const status = statusAction();
  useDeskKeys(ask ? [] : [status]);
  return (
    <Panel title={t("opd.ownUnits")} count={t("dispatch.units.of", { ready, total: units.length })}>
      <div className="scroll grow">
        {(["ready", "busy", "off"] as const).map((id) => {
          const some = units.filter((unit) => groupOf(unit) === id);
          return some.length === 0 ? null : (
            <section key={id}>
              <h3 className="list-group t2">{t(`opd.unitGroup.${id}`)}</h3>
              {some.map((unit) => (
                <UnitLine key={unit.id} unit={unit} nowS={nowS} />
              ))}
            </section>
          );
        })}
        {units.length === 0 && <p className="empty t2">{t("opd.noUnits")}</p>}
      </div>
      {ask?.kind === "status" ? (
        <ConsoleAsks ask={ask} agency={agency} />
      ) : (
        <div className="own-acts">
          <DeskButton grow action={status} />
        </div>
      )}
    </Panel>
  );
}
