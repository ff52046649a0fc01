import { expect, it } from "vitest";
import { assignment, catalogue } from "./given";
import { canDo, nextVerb, stateAfter } from "./moves";

const moves = catalogue.assignment_moves;
const job = (more: Parameters<typeof assignment>[1]) => assignment("a", { unit_id: "u", ...more });

it("leads a crew through the legal order with one thumb", () => {
  expect(nextVerb(moves, job({ state: "sent" }))).toBe("acknowledge");
  expect(nextVerb(moves, job({ state: "acknowledged" }))).toBe("depart");
  expect(nextVerb(moves, job({ state: "departed" }))).toBe("arrive");
  expect(nextVerb(moves, job({ state: "arrived" }))).toBe("finish");
  expect(nextVerb(moves, job({ state: "done" }))).toBeNull();
});

it("lets those who are told finish at once, and a unit only after it has been there", () => {
  expect(canDo(moves, job({ state: "acknowledged", role: "inform" }), "finish")).toBe(true);
  expect(canDo(moves, job({ state: "acknowledged", role: "lead" }), "finish")).toBe(false);
  expect(nextVerb(moves, job({ state: "acknowledged", role: "assist", unit_id: null }))).toBe("finish");
});

it("cannot cancel who has arrived", () => {
  expect(canDo(moves, job({ state: "departed" }), "cancel")).toBe(true);
  expect(canDo(moves, job({ state: "arrived" }), "cancel")).toBe(false);
});

it("shows where a phone stands after what it has not sent yet", () => {
  expect(stateAfter(moves, job({ state: "sent" }), ["acknowledge", "depart", "arrive"])).toBe("arrived");
  expect(stateAfter(moves, job({ state: "departed" }), ["depart"])).toBe("departed");
});
