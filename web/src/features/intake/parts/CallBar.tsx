import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { numberHistory } from "@/api/intake";
import { useT, useWord } from "@/i18n";
import { distance, duration, number as figure, minutesSeconds } from "@/i18n/format";
import { useDeskKeys } from "@/keys/registry";
import { secondsSince, useSecond } from "@/live/clock";
import { DeskButton } from "@/ui/DeskButton";
import { Icon } from "@/ui/Icon";
import { Key } from "@/ui/Key";
import { ranked } from "../draft/draft";
import { evidenceKind } from "../evidenceWords";
import { homeNumber, maskNumber } from "../number";
import { originOf } from "../origin";
import type { Quality } from "../seat/protocol";
import type { Seat, SeatCall } from "../seat/state";
import { useCallActions } from "../useCallActions";
import type { Desk } from "../useDesk";
import { useWhere } from "../useWhere";
import { outcomeOf, useLastOutcome } from "../verbs";

/** Always 88 px: empty, ringing or connected. Nothing in it ever moves. */
export function CallBar({ desk }: { desk: Desk }) {
  const [shown, setShown] = useState(false);
  const actions = useCallActions(desk, () => setShown((now) => !now));
  useDeskKeys(Object.values(actions).flat());
  if (desk.call?.phase === "ringing") return <Ringing call={desk.call} actions={actions} away={desk.away} />;
  return (
    <section className={`call${desk.call ? "" : " idle"}`} aria-label="112">
      <span className="call-edge" />
      {desk.call ? (
        <Connected desk={desk} call={desk.call} shown={shown} showKey={actions.showNumber.keys ?? ""} />
      ) : (
        <Idle desk={desk} />
      )}
      <span className="grow" />
      <div className="call-keys">
        <DeskButton stacked action={actions.hold} />
        <DeskButton stacked action={actions.transfer} />
        <DeskButton stacked action={actions.hangUp} />
      </div>
      <span className="vline" />
      <div className="call-keys">
        {actions.outcomes.map((outcome) => (
          <DeskButton key={outcome.id} stacked action={outcome} />
        ))}
      </div>
    </section>
  );
}

function Fact({
  label,
  wide,
  width,
  children,
}: {
  label: React.ReactNode;
  wide?: boolean;
  width?: number;
  children: React.ReactNode;
}) {
  return (
    <div className={wide ? "wide-only" : undefined} style={width ? { width } : undefined}>
      <div className="label">{label}</div>
      <div className="call-fact">{children}</div>
    </div>
  );
}

function useCallerNumber(call: SeatCall, shown: boolean): string {
  const t = useT();
  if (call.number_class === "none" || !call.number) return t("intake.bar.noNumber");
  return shown ? homeNumber(call.number) : maskNumber(call.number);
}

type RingingProps = { call: SeatCall; actions: ReturnType<typeof useCallActions>; away: boolean };

function Ringing({ call, actions, away }: RingingProps) {
  const t = useT();
  const now = useSecond();
  const number = useCallerNumber(call, false);
  const best = ranked(call.evidence)[0];
  const kecamatan = useWhere(best, away).at(-1);
  const left = call.ringUntil ? Math.max(0, Math.ceil(call.ringUntil / 1000 - now)) : null;
  return (
    <section className="call ring" role="alert" aria-label={t("intake.ring.incoming")}>
      <span className="call-edge" />
      <div style={{ width: 140 }}>
        <div className="label">
          <Icon name="phone" /> {t("intake.ring.incoming")}
        </div>
        <div className="call-timer blink">{minutesSeconds(secondsSince(call.offered_at, now) ?? 0)}</div>
      </div>
      <Fact label={t("intake.ring.number")} width={180}>
        {number}
      </Fact>
      <Fact label={t("intake.ring.origin")}>{originOf(call, t)}</Fact>
      <Fact label={t("intake.ring.evidence")}>
        {best
          ? [
              `${t(evidenceKind(best).label)} ${best.uncertainty_m ? `±${distance(best.uncertainty_m)}` : ""}`,
              kecamatan,
            ]
              .filter(Boolean)
              .join(" · ")
          : t("intake.ring.noEvidence")}
      </Fact>
      <span className="grow" />
      {left !== null && (
        <span className="s13 right">
          {t("intake.ring.moves")}
          <br />
          {t("intake.ring.movesIn", { left: minutesSeconds(left) })}
        </span>
      )}
      <div className="call-keys call-answer">
        <DeskButton stacked primary action={actions.answer} />
      </div>
    </section>
  );
}

function Idle({ desk }: { desk: Desk }) {
  const t = useT();
  const { link, state } = desk.seat;
  const words =
    link === "lost"
      ? t("intake.bar.idleWords.lost")
      : link === "connecting"
        ? t("intake.bar.idleWords.connecting")
        : link !== "open"
          ? t("intake.bar.idleWords.noSeat")
          : t(state === "ready" ? "intake.bar.idleWords.ready" : "intake.bar.idleWords.not_ready");
  return (
    <div>
      <div className="label">{t("intake.bar.idle")}</div>
      <div className="call-fact t2">{words}</div>
    </div>
  );
}

function Connected({
  desk,
  call,
  shown,
  showKey,
}: {
  desk: Desk;
  call: SeatCall;
  shown: boolean;
  showKey: string;
}) {
  const t = useT();
  const word = useWord();
  const now = useSecond();
  const number = useCallerNumber(call, shown);
  const last = useLastOutcome((state) => state.last);
  const outcome = outcomeOf(call.call_id, last);
  const waited = call.answeredAt
    ? Math.round((Date.parse(call.answeredAt) - Date.parse(call.offered_at)) / 1000)
    : null;
  const ended = call.phase === "ended";
  const talked =
    call.answeredAt && call.endedAt ? (Date.parse(call.endedAt) - Date.parse(call.answeredAt)) / 1000 : null;
  return (
    <>
      <div style={{ width: 160 }}>
        <div className="label">
          {ended ? (
            <>
              {t("intake.bar.ended")} ·{" "}
              <span className="t2">
                {t(
                  `intake.bar.endedBy.${call.endedBy === "caller" || call.endedBy === "agent" ? call.endedBy : "system"}`,
                )}
              </span>
            </>
          ) : (
            <>
              {t("intake.bar.connected")} ·{" "}
              <span className="t2">{t("intake.bar.answeredIn", { age: duration(waited) })}</span>
            </>
          )}
        </div>
        <div className={`call-timer${ended ? " t2" : ""}`}>
          {minutesSeconds(ended ? (talked ?? 0) : (secondsSince(call.answeredAt, now) ?? 0))}
        </div>
      </div>
      <Fact label={t("intake.ring.number")}>
        {number} {call.number && <Key keys={showKey} />}
      </Fact>
      <History desk={desk} call={call} />
      <Recording call={call} now={now} />
      {ended ? (
        <Fact label={t("intake.bar.wrapUp")}>
          {outcome
            ? t("intake.bar.outcome", { what: word("disposition", outcome) })
            : t("intake.calls.unclassified")}
        </Fact>
      ) : (
        <Fact label={t("intake.bar.quality")}>
          <LineQuality quality={call.quality} seat={desk.seat} />
        </Fact>
      )}
    </>
  );
}

function History({ desk, call }: { desk: Desk; call: SeatCall }) {
  const t = useT();
  const asked = useQuery({
    queryKey: ["calls", "history", call.call_id],
    queryFn: () => numberHistory(call.call_id),
    enabled: !desk.away && call.number_class === "usable",
    retry: 10,
    retryDelay: 1000,
  });
  const found = asked.data;
  const words = !found
    ? desk.away || call.number_class !== "usable" || asked.isError
      ? t("intake.bar.history.unavailable")
      : "–"
    : `${found.calls_30d === 0 ? t("intake.bar.history.new") : t("intake.bar.history.calls", { n: found.calls_30d })} · ${t("intake.bar.history.junk", { n: found.junk_30d })}`;
  return (
    <Fact label={t("intake.bar.history")} wide>
      <span className="s16">{words}</span>
    </Fact>
  );
}

function Recording({ call, now }: { call: SeatCall; now: number }) {
  const t = useT();
  const { state } = call.recording;
  const age = minutesSeconds(secondsSince(call.answeredAt, now) ?? 0);
  return (
    <Fact label={t("intake.bar.recording")} wide>
      <span className={`s16 state${state === "failed" ? " field-wrong" : ""}`}>
        {state === "failed" && <Icon name="warning" />}
        {t(`intake.bar.recording.${state}`, { age })}
      </span>
    </Fact>
  );
}

/** Loss above which a caller's words get lost, and above which they are no longer understood (G.711, PLC). */
const FAIR_LOSS = 0.02;
const BAD_LOSS = 0.08;

function LineQuality({ quality, seat }: { quality: Quality | null; seat: Seat }) {
  const t = useT();
  if (seat.link !== "open" || seat.media === "lost") {
    return (
      <span className="s16 state line-lost" role="alert">
        <Icon name="disconnected" />
        {t(seat.link === "open" ? "intake.bar.soundLost" : "intake.bar.lineLost")}
      </span>
    );
  }
  if (!quality || quality.loss === null) return <span className="s16">–</span>;
  const grade = quality.loss >= BAD_LOSS ? "bad" : quality.loss >= FAIR_LOSS ? "fair" : "good";
  return (
    <>
      <span className={`s16 state${grade === "good" ? " ready" : ""}`}>
        <Icon name={grade === "good" ? "signal" : "warning"} />
        {t(`intake.bar.quality.${grade}`)}
      </span>
      <span className="t2 s13 wide-only">
        {t("intake.bar.quality.figures", {
          rtt: quality.rtt_ms === null ? "–" : Math.round(quality.rtt_ms),
          loss: figure(quality.loss * 100, 1),
        })}
      </span>
    </>
  );
}
