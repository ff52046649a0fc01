import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { forgetTab, forgetTyped, keepInTab, keptInTab, useTyped } from "./tab";

beforeEach(() => sessionStorage.clear());

it("keeps what was typed over a reload, which unmounts nothing", () => {
  const before = renderHook(() => useTyped("reason", ""));
  act(() => before.result.current[1]("Ban bocor"));
  const after = renderHook(() => useTyped("reason", ""));
  expect(after.result.current[0]).toBe("Ban bocor");
});

it("forgets what was typed once its question is closed, not when it is put back at once", () => {
  vi.useFakeTimers();
  const { result, unmount } = renderHook(() => useTyped("reason", ""));
  act(() => result.current[1]("Ban bocor"));
  unmount();
  const again = renderHook(() => useTyped("reason", ""));
  vi.advanceTimersByTime(5000);
  expect(again.result.current[0]).toBe("Ban bocor");
  expect(renderHook(() => useTyped("reason", "")).result.current[0]).toBe("Ban bocor");
  again.unmount();
  vi.advanceTimersByTime(5000);
  vi.useRealTimers();
  expect(renderHook(() => useTyped("reason", "")).result.current[0]).toBe("");
});

it("parts what is typed from what is chosen, and leaves nothing once somebody else sits here", () => {
  sessionStorage.setItem("sigap.seat", "MP-1");
  keepInTab("desk", { chosenId: "i-41" });
  const { result } = renderHook(() => useTyped("reason", ""));
  act(() => result.current[1]("Ban bocor"));
  forgetTyped();
  expect(renderHook(() => useTyped("reason", "")).result.current[0]).toBe("");
  expect(keptInTab("desk")).toEqual({ chosenId: "i-41" });
  expect(sessionStorage.getItem("sigap.seat")).toBe("MP-1");
  forgetTab();
  expect(sessionStorage).toHaveLength(0);
});
