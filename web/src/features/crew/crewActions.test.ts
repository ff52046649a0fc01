import { beforeEach, expect, it, vi } from "vitest";
import { useOutbox } from "@/api/outbox";
import { translate } from "@/i18n";
import { assignment, unit } from "../assignment/given";
import { finish, press, pressedAt, setStatus } from "./crewActions";
import { useHeld } from "./held";
import { LANE, verbsWaiting } from "./phone";

const job = assignment("a", { unit_id: "u" });

beforeEach(() => {
  useOutbox.setState({ waiting: [], sending: false });
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("no signal");
  });
});

it("lays each press on the phone's disk, in order, with its own time and key", async () => {
  press(job, "acknowledge", translate);
  press(job, "depart", translate);
  expect(useHeld.getState().line?.path).toBe("/assignments/a/depart");
  finish(job, "rescued", translate);
  const { waiting } = useOutbox.getState();
  expect(verbsWaiting(waiting, "a")).toEqual(["acknowledge", "depart", "finish"]);
  expect(waiting.every((line) => line.lane === LANE)).toBe(true);
  expect(new Set(waiting.map((line) => line.key)).size).toBe(3);
  expect(waiting[2]?.body).toMatchObject({ result: "rescued", at: expect.any(String) });
  expect(JSON.parse(localStorage.getItem("sigap.outbox") ?? "[]")).toHaveLength(3);
  await vi.waitFor(() => expect(useOutbox.getState().sending).toBe(false));
});

it("never tells a time before the step before, whatever the phone's clock says", () => {
  const later = new Date(Date.now() + 60_000).toISOString();
  const ahead = { ...job, state: "departed" as const, departed_at: later };
  expect(Date.parse(pressedAt(ahead, []))).toBe(Date.parse(later) + 1);
});

it("keeps a status of the unit as well", () => {
  setStatus(unit("DMK-07"), "break", "Istirahat");
  expect(useOutbox.getState().waiting[0]).toMatchObject({
    path: "/units/u-DMK-07/status",
    body: { status: "break" },
  });
});
