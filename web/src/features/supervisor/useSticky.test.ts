import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { useSticky } from "./useSticky";

beforeEach(() => sessionStorage.clear());

const shown = (rows: string[]) =>
  renderHook(({ rows: now }) => useSticky(now, (row) => row, "test"), { initialProps: { rows } });

it("chooses the first row once and keeps it when others come above", () => {
  const { result, rerender } = shown(["b"]);
  expect(result.current[0]).toBe("b");
  rerender({ rows: ["a", "b"] });
  expect(result.current[0]).toBe("b");
});

it("chooses nothing by itself when the chosen row is gone", () => {
  const { result, rerender } = shown(["a", "b"]);
  rerender({ rows: ["b"] });
  expect(result.current[0]).toBeUndefined();
  act(() => result.current[1]("b"));
  expect(result.current[0]).toBe("b");
});

it("goes on to the next after it was let go, and begins anew after an empty list", () => {
  const { result, rerender } = shown(["a", "b"]);
  act(() => result.current[1](null));
  rerender({ rows: ["b"] });
  expect(result.current[0]).toBe("b");
  rerender({ rows: [] });
  rerender({ rows: ["c"] });
  expect(result.current[0]).toBe("c");
});

it("chooses the same row again after a reload, if it is still there", () => {
  const before = shown(["a", "b"]);
  act(() => before.result.current[1]("b"));
  expect(shown(["a", "b"]).result.current[0]).toBe("b");
  expect(shown(["a", "c"]).result.current[0]).toBe("a");
});
