import { expect, it } from "vitest";
import { type Translate, translate } from "@/i18n";
import type { Names } from "../assignment/names";
import type { TimelineEntry } from "../assignment/verbs";
import { timelineLine } from "./timeline";

const names = {
  agency: (code: string) => code,
  result: (code: string) => `hasil ${code}`,
  reason: (code: string) => code,
} as unknown as Names;

function line(kind: string, facts: Record<string, unknown>): string {
  const at = "2026-11-25T03:00:00Z";
  const entry = { seq: 1, at, recorded_at: at, kind, facts, actor: "system" } as unknown as TimelineEntry;
  return timelineLine(entry, translate as Translate, names).what;
}

it("names the result of what is finished, and no empty one where there is none", () => {
  expect(line("assignment.finished", { agency: "PLN", result: "handed_over" })).toBe(
    "Selesai: hasil handed_over",
  );
  expect(line("assignment.finished", { agency: "POLRI", result: null })).toBe("Selesai");
});

it("says in words what the telephone did", () => {
  expect(line("recording.started", {})).toBe("Rekaman mulai");
});
