import type { ReactNode } from "react";
import { useT } from "@/i18n";
import { minutesSeconds } from "@/i18n/format";
import { secondsSince, useSecond } from "@/live/clock";
import { useTable } from "@/live/room";
import type { Call } from "@/live/rows";
import { Icon } from "@/ui/Icon";
import type { DeskAlarm } from "../dispatch/alarms";
import { waitingCalls } from "../wall/wallRoom";
import { whatOf } from "./calls";

type TileProps = { label: string; n: number | null; more?: ReactNode; late?: boolean };

function Tile({ label, n, more, late }: TileProps) {
  return (
    <div role="group" className={`panel supervisor-tile${late ? " late" : ""}`} aria-label={label}>
      <span className="s13">
        {late && <Icon name="clock" size={14} />}
        {label}
      </span>
      <p>
        <b>{n ?? "–"}</b>
        {n !== null && more && <small>{more}</small>}
      </p>
    </div>
  );
}

type Props = { calls: readonly Call[] | null; alarms: readonly DeskAlarm[] | null };

/** The shift in four numbers: who waits, seats ready, calls of the day, what is late. Unknown is "–". */
export function Tiles({ calls, alarms }: Props) {
  const t = useT();
  const nowS = useSecond();
  const known = alarms !== null;
  const waiting = waitingCalls(useTable("call"));
  const seats = Object.values(useTable("seat")).filter((seat) => seat.state !== "signed_out");
  const longest = secondsSince(waiting[0]?.offered_at, nowS);
  const escalated = alarms?.filter((alarm) => alarm.level === 1).length ?? 0;
  const lost = calls?.filter((call) => whatOf(call) === "lost").length ?? 0;
  return (
    <div className="supervisor-tiles">
      <Tile
        label={t("supervisor.tile.queue")}
        n={known ? waiting.length : null}
        more={longest !== null && t("supervisor.tile.longest", { age: minutesSeconds(longest) })}
      />
      <Tile
        label={t("supervisor.tile.ready")}
        n={known ? seats.filter((seat) => seat.state === "ready").length : null}
        more={t("supervisor.tile.manned", { n: seats.length })}
      />
      <Tile
        label={t("supervisor.tile.calls")}
        n={known && calls ? calls.length : null}
        more={lost > 0 && t("supervisor.tile.lost", { n: lost })}
      />
      <Tile
        label={t("supervisor.tile.late")}
        n={alarms?.length ?? null}
        late={(alarms?.length ?? 0) > 0}
        more={escalated > 0 && t("supervisor.tile.escalated", { n: escalated })}
      />
    </div>
  );
}
