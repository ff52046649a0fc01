import { expect, it } from "vitest";
import { agency, ago, assignment, incident, NOW, policy, tables } from "../assignment/given";
import { inboxAt, lastAccepted, together } from "./inbox";

const job = (number: number, more: Parameters<typeof assignment>[1]) =>
  assignment(`a${number}`, { incident_id: `i-${number}`, ...more });

const room = tables({
  incidents: [42, 38, 36, 31, 30].map((number) => incident(number, { state: "assigned" })),
  agencies: [agency("BPBD_DAMKAR"), agency("PSC")],
  assignments: [
    job(42, { sent_at: ago(48) }),
    job(38, { state: "arrived", sent_at: ago(1500), acknowledged_at: ago(1491), arrived_at: ago(720) }),
    job(36, { state: "departed", acknowledged_at: ago(100), departed_at: ago(90), eta_s: 240 }),
    job(31, { state: "done", acknowledged_at: ago(2000), done_at: ago(720) }),
    job(30, { state: "refused", ended_at: ago(60), reason: "no_crew" }),
    assignment("a38-second", {
      incident_id: "i-38",
      unit_id: "u-2",
      state: "arrived",
      sent_at: ago(900),
      acknowledged_at: ago(890),
      arrived_at: ago(600),
    }),
    assignment("other", { incident_id: "i-42", agency: "PSC", unit_id: "u" }),
  ],
});
const inbox = inboxAt(room, "BPBD_DAMKAR", policy, NOW);

it("asks first for what waits to be accepted, then follows what runs, then asks for results", () => {
  const seen = inbox.groups.map((group) => [group.id, group.tasks.map((task) => task.incident.short_number)]);
  expect(seen).toEqual([
    ["waiting", [42]],
    ["working", [36, 38]],
    ["report", [31]],
    ["history", [30]],
  ]);
});

it("counts down to the moment at which another unit is proposed", () => {
  expect(inbox.waiting[0]).toMatchObject({ stage: "near", clock: { wait: "acknowledge", limitS: 60 } });
});

it("counts the tasks taken today, each once however many units go", () => {
  expect(inbox.today).toEqual({ accepted: 3 });
  expect(inbox.open).toBe(4);
});

it("shows nothing of other agencies but that they come too", () => {
  expect(inboxAt(room, "PSC", policy, NOW).groups.flatMap((group) => group.tasks)).toHaveLength(1);
  expect(together(room, "i-42", "BPBD_DAMKAR")).toEqual(["PSC"]);
});

it("remembers the last acceptance and how long it took", () => {
  expect(lastAccepted(room, "BPBD_DAMKAR")).toMatchObject({ at: ago(100) });
  expect(lastAccepted(room, "PSC")).toBeNull();
});
