import { useT } from "@/i18n";
import { duration } from "@/i18n/format";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { useRow, useTable } from "@/live/room";
import { Key } from "@/ui/Key";
import { LoadingBars } from "@/ui/States";
import { UnitState } from "@/ui/UnitState";
import { type Names, useNames } from "../assignment/names";
import { toggle } from "./desk";
import type { ProposalRow } from "./proposal";
import { useReason } from "./reasonWords";
import type { Proposal } from "./useProposal";

type LineProps = {
  row: ProposalRow;
  index: number;
  marked: boolean;
  reason: string;
  names: Names;
  onToggle: () => void;
};

function Line({ row, index, marked, reason, names, onToggle }: LineProps) {
  const t = useT();
  const unit = useRow("unit", row.kind === "unit" ? row.id : null);
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={marked}
      className={`list-row proposal-row${marked ? " marked" : ""}`}
      onClick={onToggle}
    >
      <Key keys={String(index + 1)} />
      <b className="ellipsis">{row.kind === "unit" ? (unit?.code ?? "–") : names.agency(row.agency)}</b>
      <span className="wide-only ellipsis">
        {unit
          ? names.unitType(unit.type)
          : t(row.kind === "agency" && row.told ? "assignment_role.inform" : "assignment_role.assist")}
      </span>
      <span className="reason ellipsis">{reason}</span>
      <span>{unit && <UnitState status={unit.status} />}</span>
      <span className="eta">{row.kind === "unit" ? duration(row.proposed.eta_s) : ""}</span>
    </button>
  );
}

function Heads() {
  const t = useT();
  return (
    <div className="proposal-row proposal-heads" aria-hidden="true">
      <span />
      <span>{t("dispatch.column.unit")}</span>
      <span className="wide-only">{t("dispatch.column.type")}</span>
      <span>{t("dispatch.column.reason")}</span>
      <span>{t("dispatch.column.status")}</span>
      <span className="right">{t("dispatch.column.eta")}</span>
    </div>
  );
}

/** Rows 1–9 of what could be sent: a key marks or unmarks, nothing is sent before Ctrl Enter. */
export function ProposalList({ proposal }: { proposal: Proposal }) {
  const t = useT();
  const names = useNames();
  const reason = useReason();
  const units = useTable("unit");
  const { rows, marked, loading, failed } = proposal;
  const keys: DeskAction[] = rows.map((row, index) => ({
    id: `dispatch.mark.${index + 1}`,
    label: "dispatch.mark",
    keys: String(index + 1),
    keyOnly: true,
    run: () => toggle(row.id, marked),
  }));
  useDeskKeys(keys);
  if (loading && rows.length === 0) return <LoadingBars what={t("dispatch.proposal")} />;
  const firsts = new Set<string>();
  return (
    <div className="scroll grow" role="group" aria-label={t("dispatch.proposal")}>
      <Heads />
      {rows.map((row, index) => {
        const first = !firsts.has(row.agency);
        firsts.add(row.agency);
        const unit = units[row.id];
        return (
          <Line
            key={row.id}
            row={row}
            index={index}
            marked={marked.has(row.id)}
            reason={reason(row, first && unit ? names.unitType(unit.type) : null)}
            names={names}
            onToggle={() => toggle(row.id, marked)}
          />
        );
      })}
      {rows.length === 0 && (
        <p className="empty t2">{failed ? failed.message : t("dispatch.proposal.none")}</p>
      )}
    </div>
  );
}
