/** Messages between this browser and voice (docs/reference/seat-protocol.md). */
import type { NumberClass, SeatState } from "@/live/rows";

/** One statement about the caller's place, as voice parsed it; unknown values are null. */
export type EvidenceItem = {
  source: string;
  method: string | null;
  received_at: string;
  parse_status: string;
  lon: number | null;
  lat: number | null;
  uncertainty_m: number | null;
  confidence: number | null;
  civic?: Record<string, string>;
};

export type CallOffer = {
  call_id: string;
  number: string | null;
  number_class: NumberClass;
  display_name: string | null;
  offered_at: string;
  dialed_number: string | null;
  trunk: string | null;
  evidence: EvidenceItem[];
  repeat?: number | null;
};

export type CurrentCall = CallOffer & { state: "ringing" | "talking" | "held"; answered_at: string | null };

type SeatView = {
  seat: string;
  state: SeatState;
  reason: string | null;
  since: string;
  until?: string | null;
  account_id: string | null;
  username?: string | null;
  name: string | null;
  simulated?: boolean;
  call_id: string | null;
};

type WaitingCall = {
  call_id: string;
  offered_at: string;
  number_class: NumberClass;
  position: number;
  stage: "waiting" | "ringing" | "held";
  seats: string[];
};

export type QueueView = { waiting: WaitingCall[]; seats: SeatView[] };

export type TakenBy = { username: string; name: string; simulated: boolean };

export type Quality = { loss: number | null; jitter_ms: number | null; rtt_ms: number | null };

/** What comes from the caller's side: sound, no sound at all, or it has put us on hold. */
export type LineSound = "ok" | "silent" | "held_by_caller";

export type FromVoice =
  | {
      type: "welcome";
      seat: string;
      state: SeatState;
      reason: string | null;
      since: string;
      node: string;
      server_time: string;
      current_call: CurrentCall | null;
      queue: WaitingCall[];
      seats: SeatView[];
      wrap_up_s: number;
      ring_s: number;
    }
  | ({ type: "seat" } & SeatView)
  | { type: "ring"; call: CallOffer; ring_s: number; resume: boolean }
  | { type: "answered"; call_id: string; answered_at: string; resumed: boolean }
  | {
      type: "recording";
      call_id: string;
      state: "recording" | "stored" | "failed";
      seconds?: number;
      reason?: string;
    }
  | { type: "ended"; call_id: string; cause: string; by: string }
  | { type: "ring_cancelled"; call_id: string; why: string }
  | { type: "line"; call_id: string; state: LineSound }
  | { type: "dtmf"; call_id: string; digit: string }
  | ({ type: "queue" } & QueueView)
  | { type: "answer"; sdp: string }
  | { type: "candidate"; candidate: RTCIceCandidateInit | null }
  | { type: "media"; state: "connecting" | "up" | "lost" }
  | ({ type: "quality" } & Quality)
  | { type: "displaced"; by: TakenBy }
  | { type: "alarm"; what: string; detail: string | null }
  | { type: "alarm_cleared"; what: string }
  | { type: "pong"; t: unknown; server_time: string }
  | { type: "error"; code: string; re?: string; about?: string; why?: string; by?: TakenBy };

/** Close codes after which the page does not connect again by itself. */
export const FINAL_CLOSE: ReadonlySet<number> = new Set([4001, 4003, 4009]);
