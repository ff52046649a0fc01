/** Which open incident a caller may be telling about again (domain §5): same category, near, recent. Pure. */
import type { Incident } from "@/live/rows";
import { metresBetween } from "@/map/circle";

/** Distance within which two reports may be one incident, metres; widened by what the place is unsure of. */
const SAME_WITHIN_M = 300;
/** Age up to which an open incident is proposed, seconds. */
const SAME_WITHIN_S = 30 * 60;

const OVER = new Set(["closed", "cancelled"]);

export type Same = { incident: Incident; metres: number; ageS: number };

export type Asked = {
  lon: number;
  lat: number;
  uncertaintyM: number | null;
  category: string | null;
  different: readonly string[];
};

/** Open incidents that may be the same, nearest first. */
export function sameIncidents(incidents: readonly Incident[], asked: Asked, nowS: number): Same[] {
  const reach = SAME_WITHIN_M + (asked.uncertaintyM ?? 0);
  return incidents
    .filter((one) => !OVER.has(one.state) && !one.masked && !asked.different.includes(one.id))
    .filter((one) => !asked.category || one.category === asked.category)
    .flatMap((incident) => {
      if (incident.lon == null || incident.lat == null) return [];
      const metres = metresBetween(asked.lon, asked.lat, incident.lon, incident.lat);
      const ageS = nowS - Math.floor(Date.parse(incident.opened_at) / 1000);
      return metres <= reach && ageS <= SAME_WITHIN_S ? [{ incident, metres, ageS }] : [];
    })
    .sort((a, b) => a.metres - b.metres);
}
