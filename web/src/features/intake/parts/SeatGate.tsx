import { useEffect, useState } from "react";
import { useSession } from "@/app/session";
import { useT, useWord } from "@/i18n";
import { useDeskKeys } from "@/keys/registry";
import { useTable } from "@/live/room";
import type { Seat } from "@/live/rows";
import { DeskButton } from "@/ui/DeskButton";
import { Icon } from "@/ui/Icon";
import { Panel } from "@/ui/Panel";
import { askForNotifications } from "../seat/attention";
import { silentMicrophone, unlockSound } from "../seat/audio";
import { ringOnce } from "../seat/ring";
import { sitDown, useSeat } from "../seat/seat";
import { useMicrophone } from "../useMicrophone";
import { MicCheck } from "./MicCheck";
import { RingOutput } from "./RingOutput";

/** Before the first ring: which seat, is the ring heard, does the microphone hear. Sound is unlocked by these keys. */
export function SeatGate() {
  const t = useT();
  const seats = useSession((session) => session.who?.voice?.seats) ?? [];
  const [chosen, setChosen] = useState<string | null>(() => (seats.length === 1 ? (seats[0] ?? null) : null));
  const [listenOnly, setListenOnly] = useState(false);
  const mic = useMicrophone();
  const link = useSeat((seat) => seat.link);
  const blocked = !chosen
    ? t("intake.gate.noSeat")
    : mic.stream || listenOnly
      ? null
      : t("intake.gate.noMic");
  const sit =
    (ready: boolean, takeOver = false) =>
    async () => {
      if (!chosen) return;
      await unlockSound();
      void askForNotifications();
      sitDown({
        seat: chosen,
        mic: mic.stream ?? silentMicrophone(),
        mute: !mic.stream,
        ready,
        takeOver,
      });
    };
  const sitReady = {
    id: "seat.sit_ready",
    label: "intake.gate.sitReady" as const,
    keys: "Ctrl Enter",
    blocked,
    run: sit(true),
  };
  const sitOnly = {
    id: "seat.sit",
    label: "intake.gate.sit" as const,
    keys: "Alt S",
    blocked,
    run: sit(false),
  };
  const over = {
    id: "seat.take_over",
    label: "intake.gate.takeOver" as const,
    keys: "Alt O",
    blocked,
    run: sit(true, true),
  };
  const testMic = {
    id: "seat.test_mic",
    label: "intake.gate.micTest" as const,
    keys: "Alt M",
    run: mic.open,
  };
  const testRing = {
    id: "seat.test_ring",
    label: "intake.gate.ringTest" as const,
    keys: "Alt R",
    run: async () => {
      await unlockSound();
      await ringOnce();
    },
  };
  useDeskKeys([sitReady, sitOnly, testMic, testRing, ...(link === "taken" ? [over] : [])]);
  return (
    <Panel
      grow
      title={t("intake.gate.title")}
      acts={
        <>
          <DeskButton primary action={sitReady} quietReason />
          <DeskButton action={sitOnly} quietReason />
          {link === "taken" && <DeskButton action={over} />}
        </>
      }
    >
      <div className="panel-body scroll grow">
        <GateTrouble />
        <SeatChoice seats={seats} chosen={chosen} onChoose={setChosen} />
        <div>
          <span className="label">{t("intake.ring.incoming")}</span>
          <div className="row">
            <DeskButton action={testRing} icon="bell" />
            <span className="t2 s13">{t("intake.gate.ringHint")}</span>
          </div>
          <RingOutput />
        </div>
        <MicCheck mic={mic} test={testMic} />
        {!mic.stream && (
          <label className="row s13">
            <input
              type="checkbox"
              checked={listenOnly}
              onChange={(event) => setListenOnly(event.target.checked)}
            />
            {t("intake.gate.listenOnly")}
          </label>
        )}
        {blocked && <p className="btn-reason">{blocked}</p>}
      </div>
    </Panel>
  );
}

function GateTrouble() {
  const t = useT();
  const { link, takenBy } = useSeat();
  const name = takenBy?.name ?? "–";
  const words =
    link === "displaced"
      ? t("intake.gate.displaced", { name })
      : link === "refused"
        ? t("intake.gate.refused")
        : link === "taken"
          ? t("intake.gate.taken", { name })
          : null;
  return words ? (
    <p className="field-wrong" role="alert">
      <Icon name="warning" size={14} />
      {words}
    </p>
  ) : null;
}

function occupant(
  seat: Seat | undefined,
  accounts: Readonly<Record<string, { display_name: string }>>,
): string | null {
  if (!seat?.account_id || seat.state === "signed_out") return null;
  return accounts[seat.account_id]?.display_name ?? null;
}

function SeatChoice({
  seats,
  chosen,
  onChoose,
}: {
  seats: string[];
  chosen: string | null;
  onChoose: (seat: string) => void;
}) {
  const t = useT();
  const word = useWord();
  const rows = useTable("seat");
  const accounts = useTable("account");
  const me = useSession((session) => session.who?.account.id);
  useEffect(() => {
    const mine = Object.values(rows).find((row) => row.account_id === me && row.state !== "signed_out");
    const free = seats.find((seat) => occupant(rows[seat], accounts) === null);
    if (!chosen && (mine ?? free)) onChoose(mine?.id ?? (free as string));
  }, [rows, accounts, seats, chosen, me, onChoose]);
  return (
    <div>
      <span className="label">{t("intake.gate.seats")}</span>
      <div className="seat-choice">
        {seats.map((seat) => {
          const name = occupant(rows[seat], accounts);
          const mine = rows[seat]?.account_id === me && name !== null;
          return (
            <button
              key={seat}
              type="button"
              className="chip seat-chip"
              aria-pressed={seat === chosen}
              onClick={() => onChoose(seat)}
            >
              <b>{word("seat", seat)}</b>
              <span className="t2 s12 ellipsis">
                {mine
                  ? t("intake.gate.mine")
                  : name
                    ? t("intake.gate.takenBy", { name })
                    : t("intake.gate.free")}
              </span>
            </button>
          );
        })}
      </div>
    </div>
  );
}
