import { useOutbox } from "@/api/outbox";
import { isKey, useT, useWord } from "@/i18n";
import { minutesSeconds, wibShort } from "@/i18n/format";
import type { DeskAction } from "@/keys/registry";
import { secondsSince, useSecond } from "@/live/clock";
import { useTable } from "@/live/room";
import type { SeatState } from "@/live/rows";
import { DeskButton } from "@/ui/DeskButton";
import { Icon } from "@/ui/Icon";
import type { IconName } from "@/ui/icons";
import { UndoBar } from "@/ui/UndoBar";
import { dueCallbacks } from "../calls";
import type { QueueView } from "../seat/protocol";
import type { Desk } from "../useDesk";
import { undoOutcome, useLastOutcome } from "../verbs";

const MARK: Record<SeatState, IconName> = {
  signed_out: "dash",
  ready: "ring",
  not_ready: "pause",
  ringing: "bell",
  talking: "phone",
  wrap_up: "square-open",
  lost: "disconnected",
};
const TIMED: ReadonlySet<SeatState> = new Set(["talking", "wrap_up", "not_ready"]);

/** The room's queue and seats, from voice itself: true also while the server is away. */
export function QueueStrip({ desk, show, refused }: { desk: Desk; show: DeskAction; refused: number }) {
  return desk.away ? (
    <AwayStrip desk={desk} show={show} />
  ) : (
    <LiveStrip desk={desk} show={show} refused={refused} />
  );
}

type Seen = {
  waiting: QueueView["waiting"];
  seats: Pick<QueueView["seats"][number], "seat" | "state" | "since">[];
  known: boolean;
};

/** The queue from voice at this seat; before sitting down only the seats, from the room, and no queue. */
function useQueue(desk: Desk): Seen {
  const rows = useTable("seat");
  if (desk.seat.link === "open" || desk.seat.link === "lost") return { ...desk.seat.queue, known: true };
  const seats = Object.values(rows).sort((a, b) => a.id.localeCompare(b.id));
  return {
    waiting: [],
    seats: seats.map(({ id, state, since }) => ({ seat: id, state, since })),
    known: false,
  };
}

function LiveStrip({ desk, show, refused }: { desk: Desk; show: DeskAction; refused: number }) {
  const t = useT();
  const word = useWord();
  const now = useSecond();
  const { waiting, seats, known } = useQueue(desk);
  const callbacks = dueCallbacks(useTable("callback"));
  const oldest = waiting.reduce<string | null>(
    (min, one) => (min === null || one.offered_at < min ? one.offered_at : min),
    null,
  );
  const seated = seats.filter((one) => one.state !== "signed_out");
  return (
    <>
      <b>{t("intake.queue")}</b>
      <span className="t2">
        {t("intake.queue.waiting", { n: known ? waiting.length : "–" })}
        {oldest && (
          <>
            {" "}
            · {t("intake.queue.longest")} <b>{minutesSeconds(secondsSince(oldest, now) ?? 0)}</b>
          </>
        )}
      </span>
      {seated.length > 0 && <span className="vline" />}
      {seated.map((one) => (
        <span key={one.seat} className="state">
          <Icon name={MARK[one.state]} />
          {one.seat === desk.seat.seat
            ? t("intake.queue.you", { seat: word("seat", one.seat) })
            : word("seat", one.seat)}
          <b>
            {word("seat_state", one.state)}{" "}
            {TIMED.has(one.state) && minutesSeconds(secondsSince(one.since, now) ?? 0)}
          </b>
        </span>
      ))}
      <span className="vline" />
      <span>
        {t("intake.queue.callbacks")} <b>{callbacks.length}</b>{" "}
        {callbacks[0] && (
          <span className="t2 wide-only">
            {t("intake.callbacks.due", { at: wibShort(callbacks[0].due_at) })}
          </span>
        )}
      </span>
      <span className="grow" />
      <VoiceAlarms desk={desk} />
      {refused > 0 && (
        <span className="state" role="alert">
          <Icon name="warning" />
          {t("intake.outbox.refused", { n: refused })}
          <DeskButton small action={show} />
        </span>
      )}
      <Undo />
    </>
  );
}

/** What voice is worried about, until it says that it is over. */
function VoiceAlarms({ desk }: { desk: Desk }) {
  const t = useT();
  const word = useWord();
  const [first, ...more] = Object.keys(desk.seat.alarms);
  if (!first) return null;
  const [kind, seat] = first.split(":", 2);
  const key = `intake.alarm.${kind}`;
  return (
    <span className="state ellipsis" role="alert">
      <Icon name="warning" />
      <span className="ellipsis">
        {seat && `${word("seat", seat)}: `}
        {isKey(key) ? t(key) : t("intake.alarm.other", { what: first })}
      </span>
      {more.length > 0 && <b>+{more.length}</b>}
    </span>
  );
}

function Undo() {
  const word = useWord();
  const last = useLastOutcome((state) => state.last);
  return last ? (
    <UndoBar what={word("disposition", last.disposition)} atMs={last.atMs} onUndo={undoOutcome} />
  ) : null;
}

function AwayStrip({ desk, show }: { desk: Desk; show: DeskAction }) {
  const t = useT();
  const now = useSecond();
  const waiting = useOutbox((box) => box.waiting.length);
  const { queue, link } = desk.seat;
  const oldest = queue.waiting[0]?.offered_at;
  return (
    <>
      <Icon name="disconnected" />
      <span>{link === "open" ? t("intake.emergency.strip") : t("intake.emergency.voiceLost")}</span>
      <span className="vline" />
      <span style={{ fontWeight: "var(--fw-text)" }}>
        {t("intake.emergency.queue", { n: queue.waiting.length })}
        {oldest && ` · ${minutesSeconds(secondsSince(oldest, now) ?? 0)}`}
      </span>
      <span className="grow" />
      <VoiceAlarms desk={desk} />
      <Undo />
      <span style={{ fontWeight: "var(--fw-text)" }}>{t("intake.emergency.waiting", { n: waiting })}</span>
      <DeskButton small action={show} />
    </>
  );
}
