import { describe, expect, it } from "vitest";
import { isPlain, matches } from "./keys";

const press = (init: KeyboardEventInit) => new KeyboardEvent("keydown", init);

describe("a key press", () => {
  it("matches a function key without modifiers only", () => {
    expect(matches("F2", press({ key: "F2" }))).toBe(true);
    expect(matches("F2", press({ key: "F2", ctrlKey: true }))).toBe(false);
    expect(matches("Ctrl F2", press({ key: "F2", ctrlKey: true }))).toBe(true);
  });

  it("matches Alt and a letter by its place, whatever the layout writes", () => {
    expect(matches("Alt J", press({ key: "∆", code: "KeyJ", altKey: true }))).toBe(true);
    expect(matches("Alt J", press({ key: "j", code: "KeyJ" }))).toBe(false);
  });

  it("takes the command key of a Mac as Ctrl", () => {
    expect(matches("Ctrl Enter", press({ key: "Enter", metaKey: true }))).toBe(true);
  });

  it("matches ? although it needs Shift", () => {
    expect(matches("?", press({ key: "?", shiftKey: true }))).toBe(true);
  });

  it("is plain when it would write a letter", () => {
    expect(["1", "/", "?", "Enter"].map(isPlain)).toEqual([true, true, true, true]);
    expect(["F2", "Alt J", "Ctrl Enter", "Esc"].map(isPlain)).toEqual([false, false, false, false]);
  });
});
