import { describe, expect, it } from "vitest";
import type { Call, Callback } from "@/live/rows";
import { dueCallbacks, ownCalls, talkedS, waitedS } from "./calls";

const call = (id: string, over: Partial<Call>) =>
  ({
    id,
    account_id: "me",
    offered_at: "2026-11-24T12:00:00Z",
    answered_at: "2026-11-24T12:00:06Z",
    ended_at: "2026-11-24T12:01:06Z",
    ...over,
  }) as Call;

describe("own calls", () => {
  it("are those this person answered, newest first", () => {
    const rows = {
      a: call("a", {}),
      b: call("b", { offered_at: "2026-11-24T12:30:00Z" }),
      c: call("c", { account_id: "other" }),
      d: call("d", { answered_at: null }),
    };
    expect(ownCalls(rows, "me").map((one) => one.id)).toEqual(["b", "a"]);
  });

  it("know how long they waited and talked", () => {
    expect([waitedS(call("a", {})), talkedS(call("a", {}))]).toEqual([6, 60]);
    expect(talkedS(call("a", { ended_at: null }))).toBeNull();
    expect(waitedS(call("a", { answered_at: null }))).toBe(66);
  });
});

describe("callbacks", () => {
  it("are listed while due, the first to fall due on top", () => {
    const row = (id: string, due_at: string, state: Callback["state"]) => ({ id, due_at, state }) as Callback;
    const rows = {
      a: row("a", "2026-11-24T12:05:00Z", "due"),
      b: row("b", "2026-11-24T12:03:00Z", "due"),
      c: row("c", "2026-11-24T12:01:00Z", "done"),
    };
    expect(dueCallbacks(rows).map((one) => one.id)).toEqual(["b", "a"]);
  });
});
