import { useEffect, useRef, useState } from "react";
import { askRecording } from "@/api/intake";
import { useT } from "@/i18n";
import { wibShort } from "@/i18n/format";
import { useDeskKeys } from "@/keys/registry";
import type { Call } from "@/live/rows";
import { DeskButton } from "@/ui/DeskButton";
import { ReasonField } from "@/ui/ReasonField";
import { useSeat } from "../seat/seat";

type Props = { call: Call; onClose: () => void };

/** A recording is heard only for a reason, which is written down. */
export function Playback({ call, onClose }: Props) {
  const t = useT();
  const [url, setUrl] = useState<string | null>(null);
  return (
    <div className="playback">
      {url ? (
        <Player call={call} url={url} onClose={onClose} />
      ) : (
        <ReasonField
          id="recording"
          of={call.id}
          label={`${t("intake.calls.playReason")} ${wibShort(call.offered_at)}`}
          confirm="intake.calls.play"
          keys="Alt O"
          onReason={async (reason) => setUrl((await askRecording(call.id, reason)).url)}
          onCancel={onClose}
        />
      )}
    </div>
  );
}

function Player({ call, url, onClose }: Props & { url: string }) {
  const t = useT();
  const close = { id: "recording.close", label: "app.shortcuts.close" as const, keys: "Esc", run: onClose };
  useDeskKeys([close]);
  const player = useRef<HTMLAudioElement>(null);
  const ringing = useSeat((seat) => seat.call?.phase === "ringing");
  useEffect(() => {
    // The space bar pauses at once: the reason's field, where the person was, is gone.
    player.current?.focus();
  }, []);
  useEffect(() => {
    if (ringing) player.current?.pause();
  }, [ringing]);
  return (
    <div className="row">
      <span className="s13 nowrap">{t("intake.calls.playing", { at: wibShort(call.offered_at) })}</span>
      {/* biome-ignore lint/a11y/useMediaCaption: a recorded emergency call has no transcript */}
      <audio className="grow" ref={player} controls autoPlay src={url} />
      <DeskButton small action={close} />
    </div>
  );
}
