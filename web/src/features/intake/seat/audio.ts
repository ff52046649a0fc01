/** Ears and mouth of a seat: microphone, the one WebRTC connection, and the ring. */

export type MicTrouble = "refused" | "none_found" | "busy" | "not_secure" | "unknown";

export class MicError extends Error {
  constructor(readonly trouble: MicTrouble) {
    super(trouble);
  }
}

const TROUBLE: Record<string, MicTrouble> = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "none_found",
  OverconstrainedError: "none_found",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** Opens the microphone; raises MicError with what is wrong, so that it can be said with the way to mend it. */
export async function openMicrophone(): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw new MicError("not_secure");
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
  } catch (error) {
    throw new MicError(TROUBLE[(error as DOMException).name] ?? "unknown");
  }
}

/** A track without sound, for a seat that can only listen (no microphone, and the person said so). */
export function silentMicrophone(): MediaStream {
  return sound().createMediaStreamDestination().stream;
}

let context: AudioContext | null = null;

/** The page's one sound context; suspended until a key or click has unlocked it. */
export function sound(): AudioContext {
  context ??= new AudioContext();
  return context;
}

/** Unlocks sound; must run inside a click or key press the first time. */
export async function unlockSound(): Promise<boolean> {
  await sound().resume();
  return sound().state === "running";
}

/** Loudness of a stream, 0 to 1, for the microphone test. Returns the way to read it. */
export function meter(stream: MediaStream): () => number {
  const analyser = sound().createAnalyser();
  analyser.fftSize = 512;
  sound().createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return () => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
    return Math.min(1, Math.sqrt(power) * 6);
  };
}

const GATHER_MS = 600;

function gathered(peer: RTCPeerConnection): Promise<void> {
  if (peer.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((done) => {
    const timer = setTimeout(done, GATHER_MS);
    peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState !== "complete") return;
      clearTimeout(timer);
      done();
    });
  });
}

export type Media = {
  offer: () => Promise<string>;
  /** Goes on with another microphone, without a new connection. */
  speakThrough: (microphone: MediaStream) => Promise<void>;
  accept: (sdp: string) => Promise<void>;
  close: () => void;
};

let speaker: HTMLAudioElement | null = null;

/** The caller's voice comes out here, through the browser's default output (the headset). */
function play(stream: MediaStream): void {
  speaker ??= new Audio();
  speaker.srcObject = stream;
  speaker.play().catch(() => {
    // Locked until the next key or click; unlockSpeaker runs then.
  });
}

export function unlockSpeaker(): void {
  if (speaker?.srcObject && speaker.paused) void speaker.play().catch(() => {});
}

/** One connection to voice with this microphone; kept over all calls of the seat. */
export function openMedia(microphone: MediaStream): Media {
  const peer = new RTCPeerConnection({ iceServers: [] });
  const track = microphone.getAudioTracks()[0];
  const mouth = track && peer.addTransceiver(track, { direction: "sendrecv", streams: [microphone] });
  peer.ontrack = (event) => play(event.streams[0] ?? new MediaStream([event.track]));
  return {
    offer: async () => {
      await peer.setLocalDescription(await peer.createOffer());
      await gathered(peer);
      return peer.localDescription?.sdp ?? "";
    },
    speakThrough: async (other) => {
      await mouth?.sender.replaceTrack(other.getAudioTracks()[0] ?? null);
    },
    accept: (sdp) => peer.setRemoteDescription({ type: "answer", sdp }),
    close: () => peer.close(),
  };
}
