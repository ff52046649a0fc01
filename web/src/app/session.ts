/** Who sits here. Kept in the browser without any API token, so that a reloaded seat goes on while the server is away. */
import { create } from "zustand";
import { Offline, onSessionEnded, Problem } from "@/api/http";
import {
  currentSession,
  signOut as deleteSession,
  type OpenedSession,
  signIn as postSession,
  type SessionView,
} from "@/api/identity";
import { startFeed, stopFeed } from "@/live/feed";
import { replaceRoom, useRoom } from "@/live/room";
import { forgetTab, sitHere } from "@/live/tab";
import { emptyTables } from "@/live/upsert";

export type SessionPhase =
  /** Nothing known yet: asking the server. */
  | "asking"
  | "signed_out"
  | "signed_in"
  /** The server no longer knows the session; what is on the screen stays, and the person signs in again in place. */
  | "expired";

type Session = { phase: SessionPhase; who: SessionView | null };

const KEPT_AS = "sigap.session";

function kept(): SessionView | null {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS) ?? "null") as SessionView | null;
  } catch {
    return null;
  }
}

export const useSession = create<Session>()(() => {
  const who = kept();
  return { phase: who ? "signed_in" : "asking", who };
});

function take(who: OpenedSession): void {
  const { token: _token, ...rest } = who;
  sitHere(rest.account.id);
  localStorage.setItem(KEPT_AS, JSON.stringify(rest));
  useSession.setState({ phase: "signed_in", who: rest });
}

/** Whether requests go out as this account, as far as this browser knows: another tab may have changed hands. */
export function cookieIsOf(accountId: string | undefined): boolean {
  const { phase, who } = useSession.getState();
  const stored = kept();
  return (
    accountId !== undefined &&
    phase === "signed_in" &&
    who?.account.id === accountId &&
    (stored === null || stored.account.id === accountId)
  );
}

function expire(): void {
  if (useSession.getState().phase === "signed_in") useSession.setState({ phase: "expired" });
}

/** Asks the server who we are; a server that is away leaves the kept session in force. */
export async function resumeSession(): Promise<void> {
  onSessionEnded(expire);
  const known = useSession.getState().who;
  if (known) {
    sitHere(known.account.id);
    startFeed();
  }
  try {
    take(await currentSession());
    if (!known) startFeed();
  } catch (error) {
    if (error instanceof Problem && error.status === 401) {
      if (known) expire();
      else useSession.setState({ phase: "signed_out" });
    } else if (!known) {
      useSession.setState({ phase: "signed_out" });
      if (!(error instanceof Offline)) throw error;
    }
  }
}

export async function signIn(username: string, password: string): Promise<SessionView> {
  const who = await postSession(username, password);
  const before = useSession.getState().who;
  if (before && before.account.id !== who.account.id) replaceRoom(emptyTables(), 0);
  take(who);
  startFeed();
  return who;
}

const beforeSignOut = new Set<() => void>();

/** Runs when the person leaves on purpose (a seat says goodbye to voice). Returns the function that takes it back. */
export function onSignOut(run: () => void): () => void {
  beforeSignOut.add(run);
  return () => beforeSignOut.delete(run);
}

export async function signOut(): Promise<void> {
  for (const run of beforeSignOut) run();
  stopFeed();
  try {
    await deleteSession();
  } catch (error) {
    if (!(error instanceof Offline || error instanceof Problem)) throw error;
  }
  localStorage.removeItem(KEPT_AS);
  forgetTab();
  replaceRoom(emptyTables(), 0);
  useRoom.setState({ phase: "idle", heardAt: 0, lostSince: null, positions: {} });
  useSession.setState({ phase: "signed_out", who: null });
}
