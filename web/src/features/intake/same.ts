/** Which open incident a caller may be telling about again (domain §5): same category, near, recent. Pure. */
import type { SameLimits } from "@/api/catalogue";
import type { Incident } from "@/live/rows";
import { metresBetween } from "@/map/circle";
import type { Draft } from "./draft/draft";

const OVER = new Set(["closed", "cancelled"]);

export type Same = { incident: Incident; metres: number; ageS: number };

export type Asked = {
  lon: number;
  lat: number;
  uncertaintyM: number | null;
  category: string | null;
  different: readonly string[];
};

/** The chosen place; before one is chosen, where the phone says it is, if it is sure enough to tell two places apart. */
export function askedPlace(
  draft: Pick<Draft, "place">,
  best: { lon: number; lat: number; uncertainty_m: number | null } | undefined,
  sureWithinM: number,
): Pick<Asked, "lon" | "lat" | "uncertaintyM"> | null {
  if (draft.place) return draft.place;
  if (best?.uncertainty_m == null || best.uncertainty_m > sureWithinM) return null;
  return { lon: best.lon, lat: best.lat, uncertaintyM: best.uncertainty_m };
}

/** Open incidents that may be the same, nearest first. The limit in metres is widened by what the place is unsure of. */
export function sameIncidents(
  incidents: readonly Incident[],
  asked: Asked,
  limits: SameLimits,
  nowS: number,
): Same[] {
  const reach = limits.same_within_m + (asked.uncertaintyM ?? 0);
  return incidents
    .filter((one) => !OVER.has(one.state) && !one.masked && !asked.different.includes(one.id))
    .filter((one) => !asked.category || one.category === asked.category)
    .flatMap((incident) => {
      if (incident.lon == null || incident.lat == null) return [];
      const metres = metresBetween(asked.lon, asked.lat, incident.lon, incident.lat);
      const ageS = nowS - Math.floor(Date.parse(incident.opened_at) / 1000);
      return metres <= reach && ageS <= limits.same_within_s ? [{ incident, metres, ageS }] : [];
    })
    .sort((a, b) => a.metres - b.metres);
}
