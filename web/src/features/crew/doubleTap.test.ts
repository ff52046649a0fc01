import { expect, it } from "vitest";
import { isSecondTap, lookedAgain } from "./doubleTap";

it("counts any number of quick taps as one press, until there was a rest", () => {
  lookedAgain();
  expect([0, 250, 500, 750, 1300].map(isSecondTap)).toEqual([false, true, true, true, false]);
});
