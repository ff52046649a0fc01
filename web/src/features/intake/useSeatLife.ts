/** The seat over the page's life: sits down again after a reload, gives the form to an answered call, tells troubles. */
import { useEffect } from "react";
import { isKey, translate } from "@/i18n";
import { tell } from "@/keys/notice";
import { focusDraft, useDrafts } from "./draft/drafts";
import { MicError, openMicrophone, silentMicrophone, sound, unlockSound, unlockSpeaker } from "./seat/audio";
import { followDevices, satAt, sitDown, useSeat, wasReady } from "./seat/seat";
import type { Seat } from "./seat/state";
import { afterHangUp, keepNote } from "./verbs";

/** A reloaded page takes its seat again by itself; without a microphone it still rings and listens. */
async function sitAgain(seat: string): Promise<void> {
  let mic: MediaStream;
  let mute = false;
  try {
    mic = await openMicrophone();
  } catch (error) {
    if (!(error instanceof MicError)) throw error;
    mic = silentMicrophone();
    mute = true;
    tell(translate(`intake.gate.mic.${error.trouble}`), "failed");
  }
  sitDown({ seat, mic, mute, ready: wasReady() });
}

function tellTrouble(code: string): void {
  const key = `intake.trouble.${code}`;
  tell(isKey(key) ? translate(key) : translate("intake.trouble.other", { code }), "failed");
}

/** A ring that was not answered here does not just vanish. */
function tellGone(why: string): void {
  const key = `intake.ring.gone.${why}`;
  tell(isKey(key) ? translate(key) : translate("intake.ring.gone.failed"), "failed");
}

function onSeat(after: Seat, before: Seat): void {
  const [was, is] = [before.call, after.call];
  if (is?.phase === "talking" && !(was?.phase === "talking" && was.call_id === is.call_id)) {
    const { focus } = useDrafts.getState();
    if (focus && focus !== is.call_id) keepNote(focus);
    focusDraft(is.call_id);
  }
  if (is?.phase === "ended" && was?.phase === "talking" && was.call_id === is.call_id)
    afterHangUp(is.call_id);
  if (after.trouble && after.trouble !== before.trouble) tellTrouble(after.trouble);
  if (after.ringGone && after.ringGone !== before.ringGone) tellGone(after.ringGone.why);
  // Back to ready after wrap-up: the last call leaves the bar, a form that is still typed on stays.
  if (after.state === "ready" && before.state === "wrap_up" && is?.phase === "ended") {
    useSeat.setState({ call: null });
    if (useDrafts.getState().focus === is.call_id && !useDrafts.getState().drafts[is.call_id])
      focusDraft(null);
  }
}

/** Any key or click unlocks sound that the browser has locked after a reload. */
function unlockOnTouch(): () => void {
  const unlock = () => {
    void unlockSound();
    unlockSpeaker();
  };
  window.addEventListener("keydown", unlock);
  window.addEventListener("pointerdown", unlock);
  return () => {
    window.removeEventListener("keydown", unlock);
    window.removeEventListener("pointerdown", unlock);
  };
}

export function useSeatLife(): void {
  useEffect(() => {
    const seat = satAt();
    if (seat && useSeat.getState().link === "off") {
      void sitAgain(seat).then(() => {
        if (sound().state !== "running") tell(translate("intake.gate.locked"), "failed");
      });
    }
    const stopTouch = unlockOnTouch();
    const stopDevices = followDevices();
    const stopSeat = useSeat.subscribe(onSeat);
    return () => {
      stopTouch();
      stopDevices();
      stopSeat();
    };
  }, []);
}
