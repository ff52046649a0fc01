import { beforeEach, expect, it, vi } from "vitest";
import { useConsole } from "@/features/agency/console";
import { useDesk } from "@/features/dispatch/desk";
import { focusDraft, openDrafts, useDrafts } from "@/features/intake/draft/drafts";
import { queries } from "./queries";
import { resumeSession, signIn, signOut, useSession } from "./session";

const person = (id: string) => ({ account: { id, display_name: id }, permissions: [], home: "/" });
const KEY = ["incident", "i-37", 1, ""];

/** The server knows this person; the room itself is away. */
function server(id: string): void {
  vi.stubGlobal("fetch", async (url: string) => {
    if (!String(url).endsWith("/session")) throw new TypeError("no route to the server");
    return new Response(JSON.stringify(person(id)), { status: 200 });
  });
}

/** In the middle of things: a restricted case was opened with a reason, and something is being asked. */
function busy(): void {
  queries.setQueryData(KEY, { incident: { masked: false, narrative: "rahasia" } });
  useDesk.setState({ chosenId: "i-37", ask: { kind: "note" }, unitId: "u", statusAsk: true });
  useConsole.setState({ chosenId: "i-37", ask: { kind: "status", unitId: "u" } });
  sessionStorage.setItem("sigap.seat", "MP-1");
  focusDraft("c-1");
}

function nothingLeft(): void {
  expect(queries.getQueryData(KEY)).toBeUndefined();
  expect(useDesk.getState()).toMatchObject({ chosenId: null, ask: null, unitId: null, statusAsk: false });
  expect(useConsole.getState()).toMatchObject({ chosenId: null, ask: null });
  expect(JSON.stringify({ ...sessionStorage })).not.toMatch(/i-37|MP-1|c-1/);
  openDrafts();
  expect(useDrafts.getState().focus).toBeNull();
}

beforeEach(async () => {
  sessionStorage.clear();
  localStorage.clear();
  useSession.setState({ phase: "signed_out", who: null });
  server("sari");
  await signIn("sari", "x");
});

it("leaves nothing of a person in the tab once they have signed out", async () => {
  busy();
  await signOut();
  nothingLeft();
});

it("leaves nothing of a person where somebody else has signed in through another tab", async () => {
  busy();
  server("budi");
  await resumeSession();
  expect(useSession.getState().who?.account.id).toBe("budi");
  nothingLeft();
});

it("keeps what a person is in the middle of when the same one signs in again", async () => {
  busy();
  await resumeSession();
  await signIn("sari", "x");
  expect(queries.getQueryData(KEY)).toBeDefined();
  expect(useDesk.getState().chosenId).toBe("i-37");
});
