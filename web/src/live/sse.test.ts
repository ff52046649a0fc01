import { describe, expect, it } from "vitest";
import { eventSplitter, type ServerEvent } from "./sse";

function split(...chunks: string[]): ServerEvent[] {
  const found: ServerEvent[] = [];
  const feed = eventSplitter((event) => found.push(event));
  for (const chunk of chunks) feed(chunk);
  return found;
}

describe("the event splitter", () => {
  it("reads events over any cut of the stream", () => {
    const whole = 'id: 7\nevent: changes\ndata: {"a":1}\n\nevent: positions\ndata: {}\n\n';
    const expected = [
      { event: "changes", id: "7", data: '{"a":1}' },
      { event: "positions", id: "7", data: "{}" },
    ];
    expect(split(whole)).toEqual(expected);
    expect(split(...whole)).toEqual(expected);
  });

  it("tells comments apart from events", () => {
    const said: string[] = [];
    const events: ServerEvent[] = [];
    const feed = eventSplitter(
      (event) => events.push(event),
      (text) => said.push(text),
    );
    feed(': heartbeat {"seq":7}\n\n');
    expect(said).toEqual(['heartbeat {"seq":7}']);
    expect(events).toEqual([]);
  });

  it("joins several data lines and skips comments", () => {
    expect(split(": still here\n\ndata: one\ndata: two\n\n")).toEqual([
      { event: "message", id: null, data: "one\ntwo" },
    ]);
  });

  it("takes CRLF, also when it is cut in the middle", () => {
    expect(split("event: reset\r", "\ndata: {}\r\n\r\n")).toEqual([{ event: "reset", id: null, data: "{}" }]);
  });
});
