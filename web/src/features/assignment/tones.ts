/** Alarm tones of the desks and the phone (look.md, Lateness). A ring (440 + 480 Hz) is never used here. */
import { useEffect } from "react";
import { create } from "zustand";

export type Pattern = "late" | "escalated" | "task";

type Note = { hz: number; atS: number; lengthS: number };

const BEEP_S = 0.18;
const run = (...hz: number[]): Note[] => hz.map((tone, n) => ({ hz: tone, atS: n * 0.24, lengthS: BEEP_S }));

const NOTES: Record<Pattern, Note[]> = {
  late: run(660, 660),
  escalated: run(880, 660, 440),
  task: run(880, 880, 660),
};

/** Seconds after which each pattern sounds again while its cause stands. */
export const AGAIN_S: Record<Pattern, number> = { late: 60, escalated: 5, task: 10 };

const QUIET = 0.08;
const LOUD = 0.5;
/** After so many repetitions a rising alarm is as loud as it gets. */
const RISES = 8;

/** How loud the n-th repetition is: an escalated alarm and a new task rise until somebody answers. */
function loudness(pattern: Pattern, repetition: number): number {
  if (pattern === "late") return QUIET * 2;
  return Math.min(LOUD, QUIET + ((LOUD - QUIET) * repetition) / RISES);
}

/** `locked`: the browser wants one key press or touch first; `missing`: it cannot sound at all. */
export const useSound = create<{ state: "locked" | "ready" | "missing" }>()(() => ({ state: "locked" }));

let context: AudioContext | null = null;

/** Must run inside a key press or touch once; afterwards the page may sound by itself. True when it can. */
export async function unlockSound(): Promise<boolean> {
  if (!("AudioContext" in globalThis)) {
    useSound.setState({ state: "missing" });
    return false;
  }
  context ??= new AudioContext();
  await context.resume();
  const ready = context.state === "running";
  useSound.setState({ state: ready ? "ready" : "locked" });
  return ready;
}

function sound(pattern: Pattern, gain: number): void {
  if (context?.state !== "running") return;
  for (const { hz, atS, lengthS } of NOTES[pattern]) {
    const from = context.currentTime + atS;
    const tone = new OscillatorNode(context, { type: "triangle", frequency: hz });
    const level = new GainNode(context, { gain: 0 });
    level.gain.setTargetAtTime(gain, from, 0.01);
    level.gain.setTargetAtTime(0, from + lengthS, 0.02);
    tone.connect(level).connect(context.destination);
    tone.start(from);
    tone.stop(from + lengthS + 0.15);
  }
}

export async function testSound(pattern: Pattern): Promise<void> {
  if (await unlockSound()) sound(pattern, LOUD / 2);
}

/** The first key press or touch anywhere unlocks the sound: after a reload nobody has to find a button. */
export function useUnlockBySomething(): void {
  useEffect(() => {
    const stop = new AbortController();
    const unlock = () => void unlockSound().then((ready) => ready && stop.abort());
    for (const event of ["pointerdown", "keydown"]) {
      window.addEventListener(event, unlock, { signal: stop.signal, capture: true });
    }
    return () => stop.abort();
  }, []);
}

/**
 * Sounds a pattern at once and again until its cause is gone. `cause` is what sounds (an id, an alarm step): a new one
 * starts from the beginning. Null is silence.
 */
export function useTone(pattern: Pattern | null, cause: string | null): void {
  const state = useSound((one) => one.state);
  useEffect(() => {
    if (!pattern || !cause || state !== "ready") return;
    let repetition = 0;
    const again = () => {
      sound(pattern, loudness(pattern, repetition));
      if (pattern === "task") navigator.vibrate?.([300, 120, 300]);
      repetition += 1;
    };
    again();
    const timer = setInterval(again, AGAIN_S[pattern] * 1000);
    return () => clearInterval(timer);
  }, [pattern, cause, state]);
}
