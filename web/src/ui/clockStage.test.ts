import { describe, expect, it } from "vitest";
import { clockFace } from "./clockStage";

const from = 1_000_000_000_000;
const at = (seconds: number) => from / 1000 + seconds;

describe("a clock", () => {
  it("shows what is left", () => {
    expect(clockFace(from, 60, at(21))).toEqual({ stage: "normal", text: "0:39", used: 21 / 60 });
  });

  it("turns near at 75 % and late after its limit", () => {
    expect(clockFace(from, 60, at(44)).stage).toBe("normal");
    expect(clockFace(from, 60, at(45)).stage).toBe("near");
    expect(clockFace(from, 60, at(60)).stage).toBe("near");
    expect(clockFace(from, 60, at(61))).toMatchObject({ stage: "late", text: "+0:01", used: 1 });
    expect(clockFace(from, 60, at(125)).text).toBe("+1:05");
  });

  it("keeps the distance to the limit when it has been raised", () => {
    expect(clockFace(from, 30, at(104), true)).toMatchObject({ stage: "escalated", text: "+1:14" });
  });
});
