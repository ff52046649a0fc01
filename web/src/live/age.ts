/** How old what we show is, and whether the room's server is away. */
import { useSecond } from "./clock";
import { useRoom } from "./room";

/** Beyond this age a live screen says its age in words. */
const STALE_AFTER_S = 10;

export type FeedAge = {
  phase: "loading" | "live" | "stale" | "lost";
  /** Seconds since the feed last spoke. */
  ageS: number;
  /** Server time (ms) since which the server is silent, when it is. */
  lostSince: number | null;
  /** False until the first snapshot has come: what is not in the store may still exist. */
  everHeard: boolean;
};

export function useFeedAge(): FeedAge {
  useSecond();
  const { phase, heardAt, lostSince } = useRoom();
  const ageS = heardAt === 0 ? 0 : Math.max(0, Math.floor((Date.now() - heardAt) / 1000));
  const known = { ageS, lostSince, everHeard: heardAt > 0 };
  if (phase === "lost") return { phase: "lost", ...known };
  if (phase === "idle" || phase === "loading") return { phase: "loading", ...known };
  return { phase: ageS > STALE_AFTER_S ? "stale" : "live", ...known };
}
