import { expect, it, vi } from "vitest";

it("knows how far its own clock is off after a reload without the server", async () => {
  vi.resetModules();
  const first = await import("./clock");
  first.noteServerMs(Date.now() + 60_000);
  expect(first.serverNow() - Date.now()).toBeGreaterThan(59_000);
  vi.resetModules();
  const reloaded = await import("./clock");
  expect(reloaded.serverNow() - Date.now()).toBeGreaterThan(59_000);
});

it("is not led astray by a message that waited", async () => {
  vi.resetModules();
  const { noteServerMs, serverNow } = await import("./clock");
  noteServerMs(Date.now());
  noteServerMs(Date.now() - 6000);
  expect(Math.abs(serverNow() - Date.now())).toBeLessThan(100);
  for (let n = 0; n < 12; n += 1) noteServerMs(Date.now() - 6000);
  expect(serverNow() - Date.now()).toBeLessThan(-5900);
});

it("does not believe the date of an answer that was kept, once it knew better", async () => {
  vi.resetModules();
  (await import("./clock")).noteServerMs(Date.now());
  vi.resetModules();
  const reloaded = await import("./clock");
  reloaded.noteServerTime(new Date(Date.now() - 3_600_000).toUTCString());
  expect(Math.abs(reloaded.serverNow() - Date.now())).toBeLessThan(100);
});
