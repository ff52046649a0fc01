import { useState } from "react";
import { useT, useWord } from "@/i18n";
import { distance, duration, minutesSeconds } from "@/i18n/format";
import { useDeskKeys } from "@/keys/registry";
import { secondsSince, useSecond } from "@/live/clock";
import { DeskButton } from "@/ui/DeskButton";
import { Icon } from "@/ui/Icon";
import { Key } from "@/ui/Key";
import { ranked } from "../draft/draft";
import { evidenceKind } from "../evidenceWords";
import { homeNumber, maskNumber } from "../number";
import { originOf } from "../origin";
import type { SeatCall } from "../seat/state";
import { useCallActions } from "../useCallActions";
import type { Desk } from "../useDesk";
import { useWhere } from "../useWhere";
import { outcomeOf, useLastOutcome } from "../verbs";
import { CallerKeys, Fact, History, LineQuality, NoMouth, Recording } from "./LineFacts";

/** Always 88 px: empty, ringing or connected. Nothing in it ever moves. */
export function CallBar({ desk }: { desk: Desk }) {
  const [shownOf, setShownOf] = useState<string | null>(null);
  const callId = desk.call?.call_id ?? null;
  const shown = shownOf !== null && shownOf === callId;
  const actions = useCallActions(desk, () => setShownOf(shown ? null : callId));
  const { chosen: _chosen, ...keyed } = actions;
  useDeskKeys(Object.values(keyed).flat());
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
        <DeskButton stacked action={actions.hold} after={<NotYet />} />
        <DeskButton stacked action={actions.transfer} after={<NotYet />} />
        <DeskButton stacked action={actions.hangUp} />
      </div>
      <span className="vline" />
      <div className="call-keys">
        {actions.outcomes.map((outcome) => (
          <DeskButton key={outcome.id} stacked action={outcome} pressed={outcome.id === actions.chosen} />
        ))}
      </div>
    </section>
  );
}

/** Why hold and transfer are off, on the button itself: it never changes. */
function NotYet() {
  const t = useT();
  return <span className="not-yet s12">{t("intake.blocked.notYet")}</span>;
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
        : link === "displaced" || link === "refused"
          ? t(`intake.bar.idleWords.${link}`)
          : link !== "open"
            ? t("intake.bar.idleWords.noSeat")
            : t(state === "ready" ? "intake.bar.idleWords.ready" : "intake.bar.idleWords.not_ready");
  return (
    <div>
      <div className="label">{t("intake.bar.idle")}</div>
      <div className="call-fact t2">
        {words}
        {link === "open" && <NoMouth />}
      </div>
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
      <CallerKeys call={call} />
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
          <LineQuality call={call} seat={desk.seat} />
        </Fact>
      )}
    </>
  );
}
