import type { ReactNode } from "react";
import { useT } from "@/i18n";
import { minutesSeconds } from "@/i18n/format";
import { secondsSince } from "@/live/clock";
import { Icon } from "@/ui/Icon";
import type { WallRoom } from "./wallRoom";

function Tile({
  label,
  n,
  more,
  late,
}: {
  label: string;
  n: number | null;
  more?: ReactNode;
  late?: boolean;
}) {
  return (
    <section className={`wall-tile${late ? " late" : ""}`} aria-label={label}>
      <h2>
        {late && <Icon name="clock" />}
        {label}
      </h2>
      <p>
        <b>{n ?? "–"}</b>
        {more && <small>{more}</small>}
      </p>
    </section>
  );
}

/** Queue, ready seats, open incidents, late ones: the last is filled only when there are any. */
export function WallNumbers({ room, nowS }: { room: WallRoom | null; nowS: number }) {
  const t = useT();
  const waited = room && secondsSince(room.waitingSince, nowS);
  return (
    <div className="wall-numbers">
      <Tile
        label={t("wall.queue")}
        n={room?.waiting ?? null}
        more={typeof waited === "number" && t("wall.queue.wait", { age: minutesSeconds(waited) })}
      />
      <Tile
        label={t("wall.seats")}
        n={room?.seatsReady ?? null}
        more={room && t("wall.seats.of", { n: room.seatsManned })}
      />
      <Tile
        label={t("wall.open")}
        n={room?.open ?? null}
        more={room && room.p1 > 0 && t("wall.open.p1", { n: room.p1 })}
      />
      <Tile label={t("wall.late")} n={room?.late ?? null} late={(room?.late ?? 0) > 0} />
    </div>
  );
}
