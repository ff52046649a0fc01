import { useEffect, useRef } from "react";
import { useT } from "@/i18n";
import { useTable } from "@/live/room";
import type { Assignment } from "@/live/rows";
import { Icon } from "@/ui/Icon";
import { Key } from "@/ui/Key";
import { Priority } from "@/ui/Priority";
import { LockMark } from "@/ui/States";
import { UNIT_GLYPH } from "@/ui/UnitState";
import { ClockCell } from "../assignment/ClockCell";
import { isLive } from "../assignment/clocks";
import { jobGlyph } from "../assignment/jobWords";
import { type Names, placeLine } from "../assignment/names";
import type { BoardRow } from "./board";

function Job({ job, names }: { job: Assignment; names: Names }) {
  const t = useT();
  const unit = useTable("unit")[job.unit_id ?? ""];
  const glyph = unit && isLive(job) ? UNIT_GLYPH[unit.status] : jobGlyph(job.state);
  return (
    <span className="state">
      <Icon name={glyph} />
      {names.job(job)} <span className="t2">{t(`assignment_state.${job.state}`)}</span>
    </span>
  );
}

/** Who is on it, as many as the line holds; the rest is a number and stands in the detail. */
const SHOWN_JOBS = 2;

function Jobs({ row, names }: { row: BoardRow; names: Names }) {
  const t = useT();
  const live = row.assignments.filter(isLive);
  const shown = live.length > 0 ? live : row.assignments.filter((one) => one.state === "done");
  const calls = row.calls > 1 ? t("dispatch.calls", { n: row.calls }) : null;
  if (shown.length === 0) {
    const tried = row.assignments.length > 0 ? t("dispatch.noneLeft") : t("dispatch.noUnit");
    return <span className="t2">{[tried, calls].filter(Boolean).join(" · ")}</span>;
  }
  return (
    <>
      {shown.slice(0, SHOWN_JOBS).map((job) => (
        <Job key={job.id} job={job} names={names} />
      ))}
      {shown.length > SHOWN_JOBS && <span className="t2">+{shown.length - SHOWN_JOBS}</span>}
      {calls && <span className="t2">{calls}</span>}
    </>
  );
}

type Props = { row: BoardRow; names: Names; selected: boolean; onChoose: (id: string) => void };

/** An incident in the list: priority, what and where, who is on it, its one clock. */
export function IncidentRow({ row, names, selected, onChoose }: Props) {
  const t = useT();
  const { incident, stage } = row;
  const line = useRef<HTMLButtonElement>(null);
  // Chosen by key, palette or alarm: it must be seen, however long the list is.
  useEffect(() => {
    if (selected) line.current?.scrollIntoView?.({ block: "nearest" });
  }, [selected]);
  const tone = stage === "escalated" || stage === "late" ? stage : "";
  return (
    <button
      ref={line}
      type="button"
      className={`list-row incident-row ${tone}${selected ? " selected" : ""}`}
      aria-current={selected}
      onClick={() => onChoose(incident.id)}
    >
      <Priority code={incident.priority} />
      <span className="ellipsis">
        <span className="first ellipsis">
          {incident.restricted ? (
            <LockMark text={incident.masked ? undefined : names.type(incident)} />
          ) : (
            names.type(incident)
          )}{" "}
          <span className="number">{names.number(incident)}</span>
        </span>
        <span className="second ellipsis">
          {incident.masked ? t("dispatch.masked") : placeLine(incident, names)}
        </span>
        <span className="third">
          <Jobs row={row} names={names} />
          {incident.masked && selected && (
            <span className="t2 nowrap">
              {t("dispatch.openWithReason")} <Key keys="Alt O" />
            </span>
          )}
        </span>
      </span>
      <ClockCell clock={row.clock} />
    </button>
  );
}
