import { del, get, post } from "./http";

export type VoiceAccess = { url: string; token: string; seats: string[] };

export type SessionView = {
  token?: string;
  account: { id: string; username: string; display_name: string };
  roles: string[];
  permissions: string[];
  agency: string | null;
  unit_id: string | null;
  home: string;
  voice?: VoiceAccess | null;
};

export const signIn = (username: string, password: string) =>
  post<SessionView>("/session", { username, password }, { quiet401: true });
export const currentSession = () => get<SessionView>("/session", { quiet401: true });
export const signOut = () => del<void>("/session");
