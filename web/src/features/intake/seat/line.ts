/** The WebSocket to voice: opens, says hello, reconnects for ever, ends only when told so. Knows nothing of React. */
import { FINAL_CLOSE, type FromVoice } from "./protocol";

const RETRY_MS = [0, 250, 500, 1000];
const PING_MS = 5000;
/** No answer to two pings: the line is dead although the socket does not know it yet. */
const SILENCE_MS = 11_000;

type LineState = "connecting" | "open" | "lost" | "closed";

export type Line = {
  send: (message: { type: string } & Record<string, unknown>) => boolean;
  close: () => void;
};

type Hooks = {
  url: () => string;
  /** The first message; asked anew for each connection (token, resume). */
  hello: () => { type: "hello" } & Record<string, unknown>;
  onMessage: (message: FromVoice) => void;
  onState: (state: LineState, closeCode?: number) => void;
};

export function openLine(hooks: Hooks): Line {
  let socket: WebSocket | null = null;
  let failures = 0;
  let ended = false;
  let heardAt = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const ping = setInterval(() => {
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (Date.now() - heardAt > SILENCE_MS) socket.close();
    else socket.send(JSON.stringify({ type: "ping", t: Date.now() }));
  }, PING_MS);

  const again = () => {
    const wait = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 1000;
    failures += 1;
    retry = setTimeout(connect, wait);
  };

  function connect(): void {
    hooks.onState("connecting");
    const here = new WebSocket(hooks.url());
    socket = here;
    here.onopen = () => {
      heardAt = Date.now();
      here.send(JSON.stringify(hooks.hello()));
    };
    here.onmessage = (event) => {
      heardAt = Date.now();
      const message = JSON.parse(String(event.data)) as FromVoice;
      if (message.type === "welcome") {
        failures = 0;
        hooks.onState("open");
      }
      hooks.onMessage(message);
    };
    here.onclose = (event) => {
      if (here !== socket) return;
      socket = null;
      if (ended || FINAL_CLOSE.has(event.code)) {
        hooks.onState("closed", event.code);
        clearInterval(ping);
        return;
      }
      hooks.onState("lost", event.code);
      again();
    };
  }

  connect();
  return {
    send: (message) => {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
    close: () => {
      ended = true;
      clearTimeout(retry);
      clearInterval(ping);
      socket?.close(1000);
    },
  };
}
