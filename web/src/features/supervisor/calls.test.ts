import { expect, it } from "vitest";
import { ago, NOW } from "../assignment/given";
import { callsOfDay, filtered, lookAt, whatOf } from "./calls";
import { call, talked } from "./given";

it("says what each call was", () => {
  expect(whatOf(call("a", { ended_at: null }))).toBe("running");
  expect(whatOf(call("b", { answered_at: null }))).toBe("lost");
  expect(whatOf(call("c", { incident_id: "i-42", disposition: "normal" }))).toBe("incident");
  expect(whatOf(call("d", { disposition: "test" }))).toBe("disposition");
  expect(whatOf(call("e"))).toBe("unclassified");
});

it("wants a second look at junk that lasted more than 60 s, and at calls without an outcome", () => {
  expect(lookAt(call("a", { disposition: "prank", ...talked(61) }), 60)).toBe("junk");
  expect(lookAt(call("b", { disposition: "ghost", ...talked(61) }), 60)).toBe("junk");
  expect(lookAt(call("c", { disposition: "prank", ...talked(60) }), 60)).toBeNull();
  expect(lookAt(call("d", { disposition: "information", ...talked(300) }), 60)).toBeNull();
  expect(lookAt(call("e"), 60)).toBe("unclassified");
  expect(lookAt(call("f", { state: "wrap_up" }), 60)).toBeNull();
});

it("holds the room's day, newest first", () => {
  const calls = {
    a: call("a", { offered_at: ago(3600) }),
    b: call("b", { offered_at: ago(60) }),
    c: call("c", { offered_at: ago(24 * 3600) }),
  };
  expect(callsOfDay(calls, NOW).map((one) => one.id)).toEqual(["b", "a"]);
});

it("filters what is to be looked at", () => {
  const calls = [call("a", { disposition: "prank", ...talked(90) }), call("b", { disposition: "normal" })];
  expect(filtered(calls, "look", 60).map((one) => one.id)).toEqual(["a"]);
  expect(filtered(calls, "all", 60)).toHaveLength(2);
});
