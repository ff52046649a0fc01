/** How old what we show is, and whether the room's server is away. */
import { useSecond } from "./clock";
import { useRoom } from "./room";

/** Beyond this age a live screen says its age in words. */
export const STALE_AFTER_S = 10;

export type FeedAge = {
  phase: "loading" | "live" | "stale" | "lost";
  /** Seconds since the feed last spoke. */
  ageS: number;
  /** Server time (ms) since which the server is silent, when it is. */
  lostSince: number | null;
};

export function useFeedAge(): FeedAge {
  useSecond();
  const { phase, heardAt, lostSince } = useRoom();
  const ageS = heardAt === 0 ? 0 : Math.max(0, Math.floor((Date.now() - heardAt) / 1000));
  if (phase === "lost") return { phase: "lost", ageS, lostSince };
  if (phase === "idle" || phase === "loading") return { phase: "loading", ageS, lostSince };
  return { phase: ageS > STALE_AFTER_S ? "stale" : "live", ageS, lostSince };
}
