/** The ring of a call: 440 + 480 Hz, two seconds on, one off. No alarm ever uses these tones. */
import { sound } from "./audio";

const TONES_HZ = [440, 480];
const ON_S = 2;
const OFF_S = 1;
const LOUD = 0.22;
/** Cadences scheduled ahead: far longer than any ring lasts. */
const AHEAD = 20;

const SECOND_OUTPUT = "sigap.ring.output";

/** Device id of the second output the ring also uses (a loudspeaker in the room); empty for none. */
export function ringOutput(): string {
  return localStorage.getItem(SECOND_OUTPUT) ?? "";
}

export function setRingOutput(deviceId: string): void {
  localStorage.setItem(SECOND_OUTPUT, deviceId);
}

export async function outputs(): Promise<MediaDeviceInfo[]> {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return all.filter((device) => device.kind === "audiooutput" && device.deviceId !== "default");
}

let second: HTMLAudioElement | null = null;

async function toSecondOutput(from: AudioNode): Promise<void> {
  const deviceId = ringOutput();
  if (!deviceId) return;
  const out = sound().createMediaStreamDestination();
  from.connect(out);
  second = new Audio();
  second.srcObject = out.stream;
  // setSinkId is missing in some browsers: then the ring stays on the first output alone.
  await (second as HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> }).setSinkId?.(deviceId);
  await second.play();
}

type Ringing = { stop: () => void };
let ringing: Ringing | null = null;

function start(cadences: number): Ringing {
  const context = sound();
  const gain = context.createGain();
  gain.gain.value = 0;
  gain.connect(context.destination);
  const now = context.currentTime;
  for (let n = 0; n < cadences; n += 1) {
    const at = now + n * (ON_S + OFF_S);
    gain.gain.setTargetAtTime(LOUD, at, 0.01);
    gain.gain.setTargetAtTime(0, at + ON_S, 0.02);
  }
  const tones = TONES_HZ.map((hz) => {
    const tone = context.createOscillator();
    tone.frequency.value = hz;
    tone.connect(gain);
    tone.start();
    tone.stop(now + cadences * (ON_S + OFF_S));
    return tone;
  });
  void toSecondOutput(gain).catch(() => {
    // The second output was unplugged: the first still rings.
  });
  return {
    stop: () => {
      for (const tone of tones) tone.stop();
      gain.disconnect();
      second?.pause();
      second = null;
    },
  };
}

/** Rings until stopped; ringing twice is one ring. */
export function startRinging(): void {
  ringing ??= start(AHEAD);
}

export function stopRinging(): void {
  ringing?.stop();
  ringing = null;
}

/** One ring, for the sound check. */
export async function ringOnce(): Promise<void> {
  stopRinging();
  const once = start(1);
  await new Promise((done) => setTimeout(done, ON_S * 1000));
  once.stop();
}
