import { describe, expect, it } from "vitest";
import { maskNumber } from "./number";

describe("a masked number", () => {
  it("keeps two digits at each end", () => {
    expect(maskNumber("081288450012")).toBe("08••-••••-••12");
    expect(maskNumber("+6281288450012")).toBe("08••-••••-••12");
  });

  it("leaves a short service number as it is", () => {
    expect(maskNumber("112")).toBe("112");
  });
});
