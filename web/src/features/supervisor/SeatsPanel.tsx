import { useCatalogue, useNamed } from "@/api/catalogue";
import { useT, useWord } from "@/i18n";
import { duration } from "@/i18n/format";
import { secondsSince, useSecond } from "@/live/clock";
import { useTable } from "@/live/room";
import type { Seat, SeatState } from "@/live/rows";
import { Icon } from "@/ui/Icon";
import type { IconName } from "@/ui/icons";
import { Panel } from "@/ui/Panel";
import { LoadingBars } from "@/ui/States";
import { usePlayers } from "./usePlayers";

const MARK: Record<SeatState, IconName> = {
  signed_out: "dash",
  ready: "ring",
  not_ready: "pause",
  ringing: "bell",
  talking: "phone",
  wrap_up: "square-open",
  lost: "disconnected",
};

type RowProps = { seat: Seat; players: ReturnType<typeof usePlayers> };

function SeatRow({ seat, players }: RowProps) {
  const t = useT();
  const word = useWord();
  const named = useNamed();
  const nowS = useSecond();
  const catalogue = useCatalogue();
  const accounts = useTable("account");
  const holder = seat.account_id ? accounts[seat.account_id] : undefined;
  const player = holder && players?.(holder.username);
  const tone = seat.state === "ready" ? "ready" : seat.state === "signed_out" ? "off" : "";
  return (
    <li className="list-row seat-row">
      <span className="col">
        <b>{word("seat", seat.id)}</b>
        <span className="t2 s13 ellipsis">{holder?.display_name ?? t("supervisor.seat.nobody")}</span>
      </span>
      <span className="col">
        <span className={`state ${tone}`}>
          <Icon name={MARK[seat.state]} />
          {word("seat_state", seat.state)}
        </span>
        <span className="t2 s13 ellipsis">
          {[
            seat.state === "not_ready" && seat.reason && named(catalogue?.not_ready_reasons, seat.reason),
            player && t(`supervisor.player.${player}`),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </span>
      <span className="t2 right">{duration(secondsSince(seat.since, nowS))}</span>
    </li>
  );
}

/** Each seat: who, in which state, since when and why. */
export function SeatsPanel({ unknown }: { unknown: boolean }) {
  const t = useT();
  const seats = Object.values(useTable("seat")).sort((a, b) => a.id.localeCompare(b.id));
  const ready = seats.filter((seat) => seat.state === "ready").length;
  const players = usePlayers();
  const manned = seats.filter((seat) => seat.state !== "signed_out").length;
  return (
    <Panel title={t("supervisor.seats")} count={t("supervisor.seats.count", { ready, n: manned })}>
      {unknown && <LoadingBars what={t("supervisor.seats")} />}
      <ul className="supervisor-rows">
        {seats.map((seat) => (
          <SeatRow key={seat.id} seat={seat} players={players} />
        ))}
      </ul>
    </Panel>
  );
}
