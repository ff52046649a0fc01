import { useT } from "@/i18n";
import { wibShort } from "@/i18n/format";
import { useDeskKeys } from "@/keys/registry";
import { useTable } from "@/live/room";
import { Icon } from "@/ui/Icon";
import { Panel } from "@/ui/Panel";
import { Segments } from "@/ui/Segments";
import { EmptyState } from "@/ui/States";
import { useNames } from "../assignment/names";
import { type Board, type BoardGroup, type Filter, inOrder } from "./board";
import { choose, useDesk } from "./desk";
import { IncidentRow } from "./IncidentRow";

function GroupHead({ group }: { group: BoardGroup }) {
  const t = useT();
  return (
    <h3 className={`list-group${group.id === "late" ? "" : " t2"}`}>
      {group.id === "late" && <Icon name="clock" />}
      {t(`dispatch.group.${group.id}`)}
      <span className="t2 group-note">{t(`dispatch.group.${group.id}.order`, { n: group.rows.length })}</span>
    </h3>
  );
}

function Empty() {
  const t = useT();
  const closed = Object.values(useTable("incident"))
    .map((one) => one.closed_at)
    .filter((at) => at !== null && at !== undefined)
    .sort()
    .at(-1);
  return (
    <EmptyState
      title={t("dispatch.empty")}
      fact={closed ? t("dispatch.empty.last", { at: wibShort(closed) }) : t("dispatch.empty.fact")}
    />
  );
}

function useWalk(board: Board, chosenId: string | null) {
  const rows = inOrder(board);
  const at = rows.findIndex((row) => row.incident.id === chosenId);
  const go = (by: number) => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next) choose(next.incident.id);
  };
  useDeskKeys([
    { id: "dispatch.next", label: "dispatch.next", keys: "ArrowDown", keyOnly: true, run: () => go(1) },
    {
      id: "dispatch.previous",
      label: "dispatch.previous",
      keys: "ArrowUp",
      keyOnly: true,
      run: () => go(-1),
    },
  ]);
}

type Props = { board: Board; chosenId: string | null; onHold: (held: boolean) => void };

/** Open incidents: what is late on top, then the nearest limit. Order rests while a key or the pointer is on it. */
export function IncidentList({ board, chosenId, onHold }: Props) {
  const t = useT();
  const names = useNames();
  const filter = useDesk((desk) => desk.filter);
  useWalk(board, chosenId);
  return (
    <Panel
      title={t("dispatch.incidents")}
      count={t("dispatch.incidents.count", { open: board.open, closed: board.closedToday })}
      tools={
        <span className="wide-only">
          <Segments<Filter>
            label={t("dispatch.filter")}
            value={filter}
            options={[
              { value: "all", text: t("dispatch.filter.all") },
              { value: "P1", text: `P1 ${board.p1}` },
            ]}
            onChange={(chosen) => useDesk.setState({ filter: chosen })}
          />
        </span>
      }
    >
      <div
        className="scroll grow"
        role="group"
        aria-label={t("dispatch.incidents")}
        onPointerEnter={() => onHold(true)}
        onPointerLeave={() => onHold(false)}
        onFocus={() => onHold(true)}
        onBlur={() => onHold(false)}
      >
        {board.groups.length === 0 && <Empty />}
        {board.groups.map((group) => (
          <section key={group.id}>
            <GroupHead group={group} />
            {group.rows.map((row) => (
              <IncidentRow
                key={row.incident.id}
                row={row}
                names={names}
                selected={row.incident.id === chosenId}
                onChoose={choose}
              />
            ))}
          </section>
        ))}
      </div>
    </Panel>
  );
}
