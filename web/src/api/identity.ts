/** Sign in, who am I, sign out. Types are the server's own (`npm run api`). */
import type { SessionView as OpenedSession } from "./generated/types.gen";
import { del, get, post } from "./http";

export type { OpenedSession };

/** A session as it is kept in the browser: the token of the API stays in its cookie. */
export type SessionView = Omit<OpenedSession, "token">;

export const signIn = (username: string, password: string) =>
  post<OpenedSession>("/session", { username, password }, { quiet401: true });
export const currentSession = () => get<OpenedSession>("/session", { quiet401: true });
export const signOut = () => del<void>("/session");
