import { useCallback, useEffect, useState } from "react";
import { MicError, type MicTrouble, meter, openMicrophone, unlockSound } from "./seat/audio";

export type Microphone = {
  stream: MediaStream | null;
  trouble: MicTrouble | null;
  level: number;
  open: () => Promise<void>;
};

const READ_MS = 80;

/** The microphone for the sound check: opens it, says what is wrong, shows how loud it hears. */
export function useMicrophone(): Microphone {
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [trouble, setTrouble] = useState<MicTrouble | null>(null);
  const [level, setLevel] = useState(0);
  const open = useCallback(async () => {
    setTrouble(null);
    await unlockSound();
    try {
      setStream(await openMicrophone());
    } catch (error) {
      if (!(error instanceof MicError)) throw error;
      setTrouble(error.trouble);
    }
  }, []);
  useEffect(() => {
    if (!stream) return;
    const read = meter(stream);
    const timer = setInterval(() => setLevel(read()), READ_MS);
    return () => clearInterval(timer);
  }, [stream]);
  return { stream, trouble, level, open };
}
