/** What is known of the line and the number while talking: history, recording, pressed keys, quality. */
import { useQuery } from "@tanstack/react-query";
import { numberHistory } from "@/api/intake";
import { useT } from "@/i18n";
import { number as figure, minutesSeconds } from "@/i18n/format";
import { tell } from "@/keys/notice";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { secondsSince } from "@/live/clock";
import { DeskButton } from "@/ui/DeskButton";
import { Icon } from "@/ui/Icon";
import { MicError } from "../seat/audio";
import { reconnectMicrophone, useMouth } from "../seat/seat";
import type { Seat, SeatCall } from "../seat/state";
import type { Desk } from "../useDesk";

export function Fact({
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

export function History({ desk, call }: { desk: Desk; call: SeatCall }) {
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

export function Recording({ call, now }: { call: SeatCall; now: number }) {
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

/** Keys that the caller pressed: the only words of somebody who may not speak. */
export function CallerKeys({ call }: { call: SeatCall }) {
  const t = useT();
  if (!call.keys) return null;
  return (
    <Fact label={t("intake.bar.keys")}>
      <span
        className="s16"
        role="status"
        aria-label={t("intake.bar.keysSaid", { keys: [...call.keys].join(" ") })}
      >
        {[...call.keys].join(" ")}
      </span>
    </Fact>
  );
}

/** Callers do not hear this desk: stands until a microphone is there. */
export function NoMouth() {
  const t = useT();
  const mouth = useMouth((state) => state.mouth);
  const again: DeskAction = {
    id: "seat.microphone",
    label: "intake.mouth.again",
    keys: "Alt M",
    run: async () => {
      try {
        await reconnectMicrophone();
        tell(t("intake.mouth.back"));
      } catch (error) {
        if (!(error instanceof MicError)) throw error;
        tell(t(`intake.gate.mic.${error.trouble}`), "failed");
      }
    },
  };
  useDeskKeys(mouth === "ok" ? [] : [again]);
  if (mouth === "ok") return null;
  return (
    <span className="s16 state line-lost" role="alert">
      <Icon name="warning" />
      {t(`intake.mouth.${mouth}`)}
      <DeskButton small action={again} />
    </span>
  );
}

/** Loss above which a caller's words get lost, and above which they are no longer understood (G.711, PLC). */
const FAIR_LOSS = 0.02;
const BAD_LOSS = 0.08;

export function LineQuality({ call, seat }: { call: SeatCall; seat: Seat }) {
  const t = useT();
  const mouth = useMouth((state) => state.mouth);
  if (seat.link !== "open" || seat.media !== "up") {
    return (
      <span className="s16 state line-lost" role="alert">
        <Icon name="disconnected" />
        {t(seat.link === "open" ? "intake.bar.soundLost" : "intake.bar.lineLost")}
      </span>
    );
  }
  if (mouth !== "ok") return <NoMouth />;
  if (call.sound !== "ok") {
    return (
      <span className="s16 state line-lost" role="alert">
        <Icon name={call.sound === "silent" ? "warning" : "pause"} />
        {t(`intake.bar.sound.${call.sound}`)}
      </span>
    );
  }
  const { quality } = call;
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
