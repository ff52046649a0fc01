import { type Translate, useT, useWord } from "@/i18n";
import { Icon } from "@/ui/Icon";
import type { IconName } from "@/ui/icons";
import { EmptyState, LoadingBars } from "@/ui/States";
import { JobClockFace } from "../assignment/ClockCell";
import type { Names } from "../assignment/names";
import type { WallRoom, WallRow } from "./wallRoom";

/** Rows that stand on the wall at once: more would be smaller than ten metres allow. */
const WALL_ROWS = 4;

/** "PSC 119 belum menerima", or "Kebakaran, menuju" while nothing is late. */
function words({ row, late }: WallRow, t: Translate, names: Names, category: string): string {
  const { wait } = row.clock;
  if (late && (wait === "acknowledge" || wait === "depart" || wait === "arrive")) {
    return t(`wall.late.${wait}`, { who: names.agency(late.agency) });
  }
  return t(`wall.wait.${wait}`, { what: category });
}

function Row({ one, names }: { one: WallRow; names: Names }) {
  const t = useT();
  const word = useWord();
  const { incident, clock, stage } = one.row;
  const wash = stage === "escalated" || stage === "late" ? ` ${stage}` : "";
  return (
    <li className={`wall-row${wash}`}>
      <span className={`wall-priority ${incident.priority}`}>
        <Icon name={incident.priority.toLowerCase() as IconName} />
        {incident.priority}
      </span>
      <span className="ellipsis">
        <b className="ellipsis">{names.kecamatan(incident.kecamatan_code) ?? t("wall.outside")}</b>
        <span className="ellipsis t2">{words(one, t, names, word("category", incident.category))}</span>
      </span>
      <JobClockFace clock={clock} />
    </li>
  );
}

/** The incidents nearest to their limit or furthest over it, the worst on top. */
export function WallList({ room, names }: { room: WallRoom | null; names: Names }) {
  const t = useT();
  const rows = room?.rows ?? [];
  const more = rows.length - WALL_ROWS;
  return (
    <section className="panel wall-list" aria-label={t("wall.list")}>
      {!room && <LoadingBars what={t("wall.list")} />}
      {room && rows.length === 0 && (
        <EmptyState title={t("wall.none")} fact={t("wall.closedToday", { n: room.closedToday })} />
      )}
      <ul className={more > 0 ? "crowded" : undefined}>
        {rows.slice(0, WALL_ROWS).map((one) => (
          <Row key={one.row.incident.id} one={one} names={names} />
        ))}
      </ul>
      {more > 0 && <p className="wall-more t2">{t("wall.more", { n: more })}</p>}
    </section>
  );
}
