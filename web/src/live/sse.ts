/** Server-Sent Events over fetch: unlike EventSource it hears heartbeat comments and can be told to stop. */

export type ServerEvent = { event: string; id: string | null; data: string };

/** Splits a text stream into events and comments; feed it chunks as they come. Pure apart from its own buffer. */
export function eventSplitter(
  onEvent: (event: ServerEvent) => void,
  onComment: (text: string) => void = () => {},
): (chunk: string) => void {
  let buffer = "";
  let event = "";
  let id: string | null = null;
  let data: string[] = [];
  const line = (text: string) => {
    if (text === "") {
      if (data.length > 0) onEvent({ event: event || "message", id, data: data.join("\n") });
      event = "";
      data = [];
      return;
    }
    if (text.startsWith(":")) {
      onComment(text.slice(1).trim());
      return;
    }
    const colon = text.indexOf(":");
    const name = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (name === "event") event = value;
    else if (name === "data") data.push(value);
    else if (name === "id") id = value;
  };
  return (chunk) => {
    buffer += chunk;
    const lines = buffer.split(/\r\n|\n|\r(?!$)/);
    buffer = lines.pop() ?? "";
    for (const text of lines) line(text);
  };
}

export class StreamRefused extends Error {
  constructor(readonly status: number) {
    super(`stream refused with ${status}`);
  }
}

/** Reads one stream to its end. `onHeard` is called for every chunk, also heartbeats. */
export async function readStream(
  url: string,
  {
    onEvent,
    onComment,
    onHeard,
    signal,
  }: {
    onEvent: (event: ServerEvent) => void;
    onComment: (text: string) => void;
    onHeard: () => void;
    signal: AbortSignal;
  },
): Promise<void> {
  const response = await fetch(url, { headers: { Accept: "text/event-stream" }, signal, cache: "no-store" });
  if (!response.ok || !response.body) throw new StreamRefused(response.status);
  onHeard();
  const split = eventSplitter(onEvent, onComment);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    onHeard();
    split(value);
  }
}
