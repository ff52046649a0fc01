/** The demo's chairs: which there are, who plays them, one address to sit down. Only a demo answers here. */
import { get, post } from "./http";

export type Chair = {
  username: string;
  display_name: string;
  roles: string[];
  agency: string | null;
  unit_id: string | null;
  home: string;
  /** Sits down at once, on a host of this chair's own. */
  url: string;
  /** A person was there within the last minute. */
  occupied: boolean;
  /** The simulated colleague may play it while nobody sits there. */
  simulated: boolean;
};

export const chairs = (signal?: AbortSignal) => get<Chair[]>("/demo/chairs", signal ? { signal } : {});

export const letColleague = (username: string, simulated: boolean) =>
  post<void>(`/demo/chairs/${encodeURIComponent(username)}`, { simulated });
