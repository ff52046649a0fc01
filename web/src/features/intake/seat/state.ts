/** What this seat knows from voice, and how each message changes it. Pure. */
import type { SeatState } from "@/live/rows";
import type { CallOffer, FromVoice, LineSound, Quality, QueueView, TakenBy } from "./protocol";

type Phase = "ringing" | "talking" | "ended";

export type SeatCall = CallOffer & {
  phase: Phase;
  /** Until when it rings here (server ms). */
  ringUntil: number | null;
  answeredAt: string | null;
  endedAt: string | null;
  endedBy: string | null;
  recording: { state: "none" | "recording" | "stored" | "failed"; reason: string | null };
  quality: Quality | null;
  sound: LineSound;
  /** Keys the caller has pressed on the telephone, the last of them. */
  keys: string;
};

/** Most pressed keys that are kept to be shown. */
const KEYS_KEPT = 8;

export type Seat = {
  link: "off" | "connecting" | "open" | "lost" | "displaced" | "refused" | "taken";
  seat: string | null;
  state: SeatState;
  reason: string | null;
  since: string | null;
  until: string | null;
  media: "none" | "connecting" | "up" | "lost";
  /** The call at this seat: ringing, talking, or the last one, which is being finished. */
  call: SeatCall | null;
  queue: QueueView;
  alarms: Record<string, string | null>;
  takenBy: TakenBy | null;
  /** The ring that went away unanswered, and why; gone with the next ring. */
  ringGone: { callId: string; why: string } | null;
  /** A code of voice that the person must be told; gone with the next good message. */
  trouble: string | null;
};

export const NO_SEAT: Seat = {
  link: "off",
  seat: null,
  state: "signed_out",
  reason: null,
  since: null,
  until: null,
  media: "none",
  call: null,
  queue: { waiting: [], seats: [] },
  alarms: {},
  takenBy: null,
  ringGone: null,
  trouble: null,
};

function offered(
  call: CallOffer,
  phase: Phase,
  ringUntil: number | null,
  answeredAt: string | null,
): SeatCall {
  return {
    ...call,
    phase,
    ringUntil,
    answeredAt,
    endedAt: null,
    endedBy: null,
    recording: { state: "none", reason: null },
    quality: null,
    sound: "ok",
    keys: "",
  };
}

function ofCall(seat: Seat, callId: string, change: (call: SeatCall) => SeatCall | null): Seat {
  return seat.call?.call_id === callId ? { ...seat, call: change(seat.call) } : seat;
}

function welcomed(seat: Seat, message: FromVoice & { type: "welcome" }, nowMs: number): Seat {
  const current = message.current_call;
  const ringing = current?.state === "ringing";
  const fresh = current
    ? offered(
        current,
        ringing ? "ringing" : "talking",
        ringing ? nowMs + message.ring_s * 1000 : null,
        current.answered_at,
      )
    : null;
  // The call this page was in may still be finished here after the line broke: keep it, but as ended.
  const kept = seat.call && seat.call.phase !== "ringing" ? seat.call : null;
  const ended =
    kept && kept.phase !== "ended"
      ? { ...kept, phase: "ended" as const, endedAt: message.server_time }
      : kept;
  const same =
    fresh && kept?.call_id === fresh.call_id
      ? { ...fresh, recording: kept.recording, keys: kept.keys }
      : fresh;
  return {
    ...seat,
    link: "open",
    seat: message.seat,
    state: message.state,
    reason: message.reason,
    since: message.since,
    until: null,
    queue: { waiting: message.queue, seats: message.seats },
    call: same ?? ended,
    // What still stands is told again right after the welcome.
    alarms: {},
    takenBy: null,
    trouble: null,
  };
}

function refused(seat: Seat, message: FromVoice & { type: "error" }): Seat {
  if (message.code === "seat.taken")
    return { ...seat, link: "taken", takenBy: message.by ?? null, trouble: message.code };
  return { ...seat, trouble: message.why ? `${message.code}.${message.why}` : message.code };
}

/** The seat after one message of voice, at server time `nowMs`. */
export function hear(seat: Seat, message: FromVoice, nowMs: number): Seat {
  switch (message.type) {
    case "welcome":
      return welcomed(seat, message, nowMs);
    case "seat":
      return {
        ...seat,
        state: message.state,
        reason: message.reason,
        since: message.since,
        until: message.until ?? null,
      };
    case "ring":
      return {
        ...seat,
        call: offered(message.call, "ringing", nowMs + message.ring_s * 1000, null),
        ringGone: null,
        trouble: null,
      };
    case "answered":
      return ofCall(seat, message.call_id, (call) => ({
        ...call,
        phase: "talking",
        answeredAt: message.answered_at,
        endedAt: null,
      }));
    case "recording":
      return ofCall(seat, message.call_id, (call) => ({
        ...call,
        recording: { state: message.state, reason: message.reason ?? null },
      }));
    case "ended":
      return ofCall(seat, message.call_id, (call) => ({
        ...call,
        phase: "ended",
        endedAt: new Date(nowMs).toISOString(),
        endedBy: message.by,
      }));
    case "ring_cancelled":
      return seat.call?.call_id === message.call_id && seat.call.phase === "ringing"
        ? { ...seat, call: null, ringGone: { callId: message.call_id, why: message.why } }
        : seat;
    case "line":
      return ofCall(seat, message.call_id, (call) => ({ ...call, sound: message.state }));
    case "dtmf":
      return ofCall(seat, message.call_id, (call) => ({
        ...call,
        keys: (call.keys + message.digit).slice(-KEYS_KEPT),
      }));
    case "queue":
      return { ...seat, queue: { waiting: message.waiting, seats: message.seats } };
    case "media":
      return { ...seat, media: message.state };
    case "quality":
      return seat.call ? { ...seat, call: { ...seat.call, quality: message } } : seat;
    case "displaced":
      return { ...seat, link: "displaced", takenBy: message.by };
    case "alarm":
      return { ...seat, alarms: { ...seat.alarms, [message.what]: message.detail } };
    case "alarm_cleared": {
      const { [message.what]: _over, ...alarms } = seat.alarms;
      return { ...seat, alarms };
    }
    case "error":
      return refused(seat, message);
    default:
      return seat;
  }
}

/** The call as this page still has it when it hears no more of it: its form can be finished. */
function leftBehind(call: SeatCall | null, nowMs: number): SeatCall | null {
  if (call?.phase !== "talking") return call?.phase === "ended" ? call : null;
  return { ...call, phase: "ended", endedAt: new Date(nowMs).toISOString() };
}

/** What the seat shows when the line to voice closes for good, at server time `nowMs`. */
export function closed(seat: Seat, code: number | undefined, nowMs: number): Seat {
  const call = leftBehind(seat.call, nowMs);
  if (code === 4009 || seat.link === "taken") return { ...seat, call, link: "taken" };
  if (code === 4001) return { ...seat, call, link: "displaced" };
  if (code === 4003) return { ...seat, call, link: "refused" };
  return { ...NO_SEAT, call };
}
