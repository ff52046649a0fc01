import { beforeEach, describe, expect, it, vi } from "vitest";
import { useSession } from "@/app/session";
import { flushOutbox, isWaiting, onSent, sendSurely, useOutbox, type Waiting, withdraw } from "./outbox";

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

function signedIn(id: string | null): void {
  const who = id && { account: { id }, permissions: [] };
  useSession.setState({ phase: id ? "signed_in" : "signed_out", who: (who || null) as never });
}

const stored = () => JSON.parse(localStorage.getItem("sigap.outbox") ?? "[]") as Waiting[];

describe("the outbox", () => {
  beforeEach(() => {
    localStorage.clear();
    signedIn("a");
    useOutbox.setState({ waiting: [], sending: false });
  });

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

  it("counts a line as sent whose first sending was done, and tells the id of its case", async () => {
    server("away");
    const key = sendSurely("/incidents", { type: "PPA01" }, "Insiden");
    await settled();
    const done = { code: "idempotency.read_again", detail: "Sudah tersimpan.", facts: { id: "i1" } };
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify(done), { status: 409 }));
    const heard: unknown[] = [];
    const stop = onSent((line, answer) => heard.push([line.key, answer]));
    await flushOutbox();
    stop();
    expect(heard).toEqual([[key, { id: "i1" }]]);
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

  it("gives no line back that is on its way: the server may have it already", async () => {
    let answered: (answer: Response) => void = () => {};
    vi.stubGlobal("fetch", () => new Promise<Response>((done) => (answered = done)));
    const key = sendSurely("/calls/c1/disposition", { disposition: "prank" }, "Prank");
    expect(withdraw(key)).toBe(false);
    answered(new Response("{}", { status: 200 }));
    await settled();
    expect(isWaiting(key)).toBe(false);
  });

  it("gives a line back that has not gone out", async () => {
    server("away");
    const key = sendSurely("/calls/c1/disposition", { disposition: "prank" }, "Prank");
    await settled();
    expect(withdraw(key)).toBe(true);
    expect(withdraw(key)).toBe(false);
    expect(useOutbox.getState().waiting).toEqual([]);
  });

  it("sends a line only under its writer, who finds it again after another sat here", async () => {
    server("away");
    const key = sendSurely("/calls/c1/note", { text: "a" }, "Catatan");
    await settled();
    signedIn(null);
    const sent = server();
    signedIn("b");
    await flushOutbox();
    expect(sent).toEqual([]);
    expect(useOutbox.getState().waiting).toEqual([]);
    const own = sendSurely("/calls/c2/note", { text: "b" }, "Catatan");
    await settled();
    expect(sent.map((one) => one.key)).toEqual([own]);
    expect(stored()).toMatchObject([{ key, account_id: "a" }]);
    signedIn("a");
    await settled();
    expect(sent.map((one) => one.key)).toEqual([own, key]);
    expect(stored()).toEqual([]);
  });

  it("sends nothing while the session is over or another tab signed somebody else in", async () => {
    const sent = server();
    useSession.setState({ phase: "expired" });
    const key = sendSurely("/calls/c1/note", { text: "a" }, "Catatan");
    await settled();
    localStorage.setItem("sigap.session", JSON.stringify({ account: { id: "b" } }));
    useSession.setState({ phase: "signed_in" });
    await settled();
    expect(sent).toEqual([]);
    localStorage.setItem("sigap.session", JSON.stringify({ account: { id: "a" } }));
    await flushOutbox();
    expect(sent.map((one) => one.key)).toEqual([key]);
  });

  it("takes lines of older versions for the present person's, for good", async () => {
    const old = { path: "/calls/c1/note", body: {}, label: "Catatan", at: new Date().toISOString() };
    localStorage.setItem("sigap.outbox", JSON.stringify([{ ...old, key: "k1" }]));
    server("away");
    await flushOutbox();
    expect(stored()).toMatchObject([{ key: "k1", account_id: "a" }]);
    const sent = server();
    signedIn("b");
    await settled();
    expect(sent).toEqual([]);
  });

  it("lets a refused line go after a day, and no line that still waits", async () => {
    server("away");
    const day = 24 * 3600_000;
    const aged = (ms: number) => new Date(Date.now() - ms).toISOString();
    const line = { path: "/x", body: {}, label: "x", at: aged(2 * day) };
    const refused = { ...line, refused: "Tidak.", account_id: "b" };
    localStorage.setItem(
      "sigap.outbox",
      JSON.stringify([
        { ...line, key: "waits", account_id: "a" },
        { ...refused, key: "old", refused_at: aged(day + 1000) },
        { ...refused, key: "fresh", refused_at: aged(day - 60_000) },
        { ...refused, key: "of an older version" },
      ]),
    );
    await flushOutbox();
    expect(stored().map((line) => line.key)).toEqual(["waits", "fresh"]);
  });
});
