/** Which open incident a caller may be telling about again (domain §5): same category, near, recent. Pure. */
import type { SameLimits } from "@/api/catalogue";
import type { Incident } from "@/live/rows";
import { metresBetween } from "@/map/circle";

const OVER = new Set(["closed", "cancelled"]);

export type Same = { incident: Incident; metres: number; ageS: number };

export type Asked = {
  lon: number;
  lat: number;
  uncertaintyM: number | null;
  category: string | null;
  different: readonly string[];
};

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
