/** This browser's seat: sits down, keeps the line and the audio, rings, answers. One per page. */
import { create } from "zustand";
import { onSignOut, useSession } from "@/app/session";
import { translate } from "@/i18n";
import { closePalette } from "@/keys/palette";
import { noteServerMs, serverNow } from "@/live/clock";
import { callForAttention, calmDown } from "./attention";
import { type Media, openMedia, openMicrophone, unlockSound, unlockSpeaker } from "./audio";
import { type Line, openLine } from "./line";
import type { FromVoice } from "./protocol";
import { startRinging, stopRinging } from "./ring";
import { closed, hear, NO_SEAT, type Seat } from "./state";

export const useSeat = create<Seat>()(() => NO_SEAT);

export type Mouth = "ok" | "none" | "lost";
/** Whether callers can hear this desk: no microphone was chosen or given (none), or it was unplugged (lost). */
export const useMouth = create<{ mouth: Mouth }>()(() => ({ mouth: "ok" }));

const SAT_AT = "sigap.seat";
const TALKING = "sigap.talking";
const READY = "sigap.ready";

let line: Line | null = null;
let media: Media | null = null;
let microphone: MediaStream | null = null;
let wantsReady = false;

/** Also for a reload: who took a break before it is on a break after it. */
function wish(ready: boolean): void {
  wantsReady = ready;
  sessionStorage.setItem(READY, String(ready));
}

/** Whether the seat was to be ready before a reload. */
export function wasReady(): boolean {
  return sessionStorage.getItem(READY) !== "false";
}

/** The seat this tab sat at before a reload; null where nobody has sat down yet. */
export function satAt(): string | null {
  return sessionStorage.getItem(SAT_AT);
}

function voiceUrl(): string {
  const known = useSession.getState().who?.voice?.url;
  if (known) return known;
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.hostname}:8113/seat`;
}

function hello(seat: string, takeOver: boolean) {
  const resume = sessionStorage.getItem(TALKING);
  return {
    type: "hello" as const,
    token: useSession.getState().who?.voice?.token ?? "",
    seat,
    media: "webrtc",
    take_over: takeOver,
    ...(resume ? { resume } : {}),
  };
}

async function connectAudio(): Promise<void> {
  if (!microphone) return;
  media?.close();
  media = openMedia(microphone);
  const sdp = await media.offer();
  line?.send({ type: "offer", sdp });
}

/** Takes this microphone for the seat, in the running connection too; notices when it is unplugged. */
function speakThrough(stream: MediaStream, mouth: Mouth): void {
  microphone = stream;
  useMouth.setState({ mouth });
  void media?.speakThrough(stream);
  const track = stream.getAudioTracks()[0];
  if (track && mouth === "ok") {
    track.onended = () => {
      if (microphone !== stream) return;
      useMouth.setState({ mouth: "lost" });
      void reconnectMicrophone().catch(() => {
        // Nothing to speak through yet: tried again when a device is plugged in, or by the desk's own button.
      });
    };
  }
}

/** Opens a microphone again and goes on with it. Raises MicError with what is wrong. */
export async function reconnectMicrophone(): Promise<void> {
  speakThrough(await openMicrophone(), "ok");
}

/** A headset that is plugged in again is taken at once. Returns the way to stop. */
export function followDevices(): () => void {
  const devices = navigator.mediaDevices;
  const taken = () => {
    if (useMouth.getState().mouth === "lost") void reconnectMicrophone().catch(() => {});
  };
  devices?.addEventListener?.("devicechange", taken);
  return () => devices?.removeEventListener?.("devicechange", taken);
}

/** Sound, title and stored call follow the call's phase; called after each message. */
function follow(before: Seat, after: Seat): void {
  const [was, is] = [before.call, after.call];
  const ringsNow = is?.phase === "ringing";
  if (ringsNow && !(was?.phase === "ringing" && was.call_id === is.call_id)) {
    closePalette();
    startRinging();
    callForAttention(translate("intake.ring.title"));
  }
  if (!ringsNow && was?.phase === "ringing") {
    stopRinging();
    calmDown();
  }
  if (is?.phase === "talking") sessionStorage.setItem(TALKING, is.call_id);
  else sessionStorage.removeItem(TALKING);
}

function onMessage(message: FromVoice): void {
  if (message.type === "welcome" || message.type === "pong") noteServerMs(Date.parse(message.server_time));
  const before = useSeat.getState();
  const after = hear(before, message, serverNow());
  useSeat.setState(after, true);
  follow(before, after);
  if (message.type === "welcome") {
    void connectAudio();
    if (wantsReady) line?.send({ type: "ready" });
  } else if (message.type === "seat" && message.state === "not_ready" && message.reason === "missed_rings") {
    wish(false);
  } else if (message.type === "answer") {
    void media?.accept(message.sdp);
  } else if (message.type === "media" && message.state === "lost") {
    void connectAudio();
  }
}

function onState(state: "connecting" | "open" | "lost" | "closed", code?: number): void {
  const before = useSeat.getState();
  const after =
    state === "closed"
      ? closed(before, code, serverNow())
      : state === "open"
        ? before
        : { ...before, link: state, media: "none" as const };
  useSeat.setState(after, true);
  if (state !== "open") {
    stopRinging();
    calmDown();
  }
  if (state === "closed") follow(before, after);
}

export type Sitting = {
  seat: string;
  mic: MediaStream;
  /** True where `mic` is only a silence: callers will not hear this desk. */
  mute?: boolean;
  ready: boolean;
  takeOver?: boolean;
};

/** Sits down: the line to voice, then audio, then (asked for) ready. */
export function sitDown({ seat, mic, mute = false, ready, takeOver = false }: Sitting): void {
  line?.close();
  media?.close();
  media = null;
  speakThrough(mic, mute ? "none" : "ok");
  wish(ready);
  sessionStorage.setItem(SAT_AT, seat);
  useSeat.setState({ ...NO_SEAT, link: "connecting", seat, call: useSeat.getState().call }, true);
  let first = takeOver;
  line = openLine({
    url: voiceUrl,
    hello: () => {
      const greeting = hello(seat, first);
      first = false;
      return greeting;
    },
    onMessage,
    onState,
  });
}

/** Stands up: the seat no longer rings. */
export function standUp(): void {
  line?.close();
  line = null;
  media?.close();
  media = null;
  for (const track of microphone?.getTracks() ?? []) track.stop();
  microphone = null;
  stopRinging();
  calmDown();
  sessionStorage.removeItem(SAT_AT);
  sessionStorage.removeItem(TALKING);
  sessionStorage.removeItem(READY);
  useMouth.setState({ mouth: "ok" });
  useSeat.setState(NO_SEAT, true);
}

// Also where another screen is open by now: the seat must not go on ringing for somebody who has left.
onSignOut(standUp);

export function ready(): void {
  wish(true);
  line?.send({ type: "ready" });
}

export function notReady(reason: string): void {
  wish(false);
  line?.send({ type: "not_ready", reason });
}

export function answer(callId: string): void {
  void unlockSound();
  unlockSpeaker();
  line?.send({ type: "answer_call", call_id: callId });
}

export function hangUp(callId: string): void {
  line?.send({ type: "hang_up", call_id: callId });
}

export function finishWrapUp(): void {
  line?.send({ type: "wrap_up_done" });
}

/** Takes the finished call off the desk; a ringing or running one stays. */
export function clearCall(): void {
  useSeat.setState((seat) => (seat.call?.phase === "ended" ? { ...seat, call: null } : seat));
}
