import { describe, expect, it } from "vitest";
import { isFarOff, likelyFirst } from "./farOff";

const phone = { lon: 106.4766, lat: -6.2702, uncertainty_m: 35 };
const tower = { lon: 106.55, lat: -6.17, uncertainty_m: 9000 };
const near = { name: "Gang Melati, Sodong", lon: 106.485, lat: -6.275 };
const far = { name: "Gang Melati, Sukamanah", lon: 106.51, lat: -6.12 };

describe("places the phone speaks against", () => {
  it("are those beyond every evidence's circle by kilometres", () => {
    expect(isFarOff(near, [phone])).toBe(false);
    expect(isFarOff(far, [phone])).toBe(true);
    expect(isFarOff(far, [phone, tower])).toBe(false);
  });

  it("are none where the phone says nothing", () => {
    expect(isFarOff(far, [])).toBe(false);
    expect(likelyFirst([far, near], [])).toEqual([far, near]);
  });

  it("come after the likely ones, which keep their order", () => {
    const other = { ...near, name: "Gang Melati 2" };
    expect(likelyFirst([far, near, other], [phone])).toEqual([near, other, far]);
  });
});
