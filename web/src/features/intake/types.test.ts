import { describe, expect, it } from "vitest";
import type { IncidentTypeInfo } from "@/api/catalogue";
import { findTypes } from "./types";

const type = (
  code: string,
  id: string,
  en: string,
  priority: "P1" | "P2" | "P3" = "P1",
): IncidentTypeInfo => ({
  code,
  name: { id, en },
  category: code.slice(0, 3),
  national_group: "",
  agencies: [],
  priority,
  restricted: false,
  tell_supervisor: false,
});
const types = [
  type("MED04", "Sesak napas", "Breathing difficulty"),
  type("FIR12", "Asap/bau terbakar", "Smoke investigation", "P2"),
  type("FIR01", "Kebakaran rumah/bangunan", "Structure fire"),
  type("FIR08", "Kebocoran gas/LPG", "Gas leak"),
];
const category = (code: string) => (code === "FIR" ? "Darurat kebakaran" : "Darurat medis");
const codes = (words: string) => findTypes(types, words, category).map((one) => one.code);

describe("finding a type", () => {
  it("takes the code first", () => {
    expect(codes("fir08")[0]).toBe("FIR08");
  });

  it("takes words in any order, in both languages", () => {
    expect(codes("rumah kebakaran")).toEqual(["FIR01"]);
    expect(codes("breathing")).toEqual(["MED04"]);
  });

  it("shows all while nothing is typed, none when nothing fits", () => {
    expect(codes("")).toHaveLength(4);
    expect(codes("gajah")).toEqual([]);
  });

  it("does not stumble over signs", () => {
    expect(codes("(")).toEqual([]);
  });
});
