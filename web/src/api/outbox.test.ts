import { beforeEach, describe, expect, it, vi } from "vitest";
import { flushOutbox, isWaiting, sendSurely, useOutbox, withdraw } from "./outbox";

type Sent = { path: string; key: string; body: unknown };

/** The server at the other end of the wire: answers each request with the next status. */
function server(...statuses: (number | "away")[]): Sent[] {
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const status = statuses.shift() ?? 200;
    if (status === "away") throw new TypeError("no route");
    const headers = init.headers as Record<string, string>;
    sent.push({ path, key: headers["Idempotency-Key"] ?? "", body: JSON.parse(String(init.body)) });
    const body =
      status < 400
        ? {}
        : { code: status === 404 ? "call.not_yet_known" : "call.closed", detail: "Sudah ditutup." };
    return new Response(JSON.stringify(body), { status });
  });
  return sent;
}

async function settled(): Promise<void> {
  await vi.waitFor(() => expect(useOutbox.getState().sending).toBe(false));
}

describe("the outbox", () => {
  beforeEach(() => useOutbox.setState({ waiting: [], sending: false }));

  it("keeps a line on the disk while the server is away and sends it once, with its key", async () => {
    server("away");
    const key = sendSurely("/calls/c1/disposition", { disposition: "prank" }, "Prank");
    await settled();
    expect(isWaiting(key)).toBe(true);
    expect(localStorage.getItem("sigap.outbox")).toContain(key);
    const sent = server(200);
    await flushOutbox();
    await flushOutbox();
    expect(sent).toEqual([{ path: "/api/calls/c1/disposition", key, body: { disposition: "prank" } }]);
    expect(useOutbox.getState().waiting).toEqual([]);
  });

  it("waits for a call that the server does not know yet, without holding up the next line", async () => {
    server("away");
    const early = sendSurely("/calls/c1/note", { text: "a" }, "Catatan");
    await settled();
    const sent = server(404, 200);
    const next = sendSurely("/calls/c0/note", { text: "b" }, "Catatan");
    await settled();
    expect(sent.map((one) => one.key)).toEqual([early, next]);
    expect(isWaiting(early)).toBe(true);
    expect(isWaiting(next)).toBe(false);
  });

  it("keeps the order of a lane: what comes after waits with what must wait", async () => {
    server("away", "away");
    const first = sendSurely("/assignments/a/depart", {}, "Berangkat", "k1", "crew");
    await settled();
    const second = sendSurely("/assignments/a/arrive", {}, "Tiba", "k2", "crew");
    await settled();
    const sent = server(429, 200, 200);
    await flushOutbox();
    expect(sent.map((one) => one.key)).toEqual([first]);
    await flushOutbox();
    expect(sent.map((one) => one.key)).toEqual([first, first, second]);
  });

  it("sends what is taken in while another line is on its way, in the same run", async () => {
    const sent = server(200, 200);
    sendSurely("/assignments/a/depart", {}, "Berangkat");
    sendSurely("/assignments/a/arrive", {}, "Tiba");
    await settled();
    expect(sent).toHaveLength(2);
    expect(useOutbox.getState().waiting).toEqual([]);
  });

  it("keeps the server's words when it refuses, and does not try again by itself", async () => {
    const sent = server(409);
    sendSurely("/calls/c1/disposition", { disposition: "ghost" }, "Ghost");
    await settled();
    await flushOutbox();
    expect(sent).toHaveLength(1);
    expect(useOutbox.getState().waiting[0]?.refused).toBe("Sudah ditutup.");
  });

  it("gives a line back that has not gone out", async () => {
    server("away");
    const key = sendSurely("/calls/c1/disposition", { disposition: "prank" }, "Prank");
    await settled();
    expect(withdraw(key)).toBe(true);
    expect(withdraw(key)).toBe(false);
    expect(useOutbox.getState().waiting).toEqual([]);
  });
});
