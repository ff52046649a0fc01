import { beforeEach, expect, it, vi } from "vitest";

beforeEach(() => {
  sessionStorage.clear();
});

/** The desk and the console as a page load finds them. */
async function loaded() {
  vi.resetModules();
  return { desk: await import("./desk"), console: await import("../agency/console") };
}

it("has the incident and the question in hand again after a reload", async () => {
  const { desk } = await loaded();
  desk.choose("i-41");
  desk.askFor({ kind: "cancel", assignmentId: "a-1" });
  const after = (await loaded()).desk;
  expect(after.chosenBefore).toBe("i-41");
  expect(after.useDesk.getState()).toMatchObject({
    chosenId: "i-41",
    ask: { kind: "cancel", assignmentId: "a-1" },
    filter: "all",
  });
});

it("carries nothing half done over to another incident", async () => {
  const { desk } = await loaded();
  desk.choose("i-41");
  desk.askFor({ kind: "note" });
  sessionStorage.setItem("sigap.tab.typed.dispatch.note", '"Jalan tertutup"');
  desk.choose("i-42");
  expect(sessionStorage.getItem("sigap.tab.typed.dispatch.note")).toBeNull();
  expect((await loaded()).desk.useDesk.getState()).toMatchObject({ chosenId: "i-42", ask: null });
});

it("has the task, the units marked and the question again on the agency's console", async () => {
  const { console } = await loaded();
  console.choose("i-41");
  console.toggle("u-2", new Set(["u-1"]));
  console.askFor({ kind: "refuse", assignmentId: "a-1" });
  const after = (await loaded()).console.useConsole.getState();
  expect(after).toMatchObject({ chosenId: "i-41", ask: { kind: "refuse", assignmentId: "a-1" } });
  expect([...(after.marked ?? [])]).toEqual(["u-1", "u-2"]);
});
