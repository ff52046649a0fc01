/** A circle of metres on the ground as a ring of lon/lat. Pure. */
import type { Feature, FeatureCollection, Polygon } from "geojson";

const EARTH_M = 6_371_008.8;
const CORNERS = 64;

export function circle(
  lon: number,
  lat: number,
  radiusM: number,
  properties: Record<string, string> = {},
): Feature<Polygon> {
  const ring: [number, number][] = [];
  const dLat = ((radiusM / EARTH_M) * 180) / Math.PI;
  const dLon = dLat / Math.cos((lat * Math.PI) / 180);
  for (let corner = 0; corner <= CORNERS; corner += 1) {
    const angle = (corner / CORNERS) * 2 * Math.PI;
    ring.push([lon + dLon * Math.cos(angle), lat + dLat * Math.sin(angle)]);
  }
  return { type: "Feature", properties, geometry: { type: "Polygon", coordinates: [ring] } };
}

export function collection(features: Feature[]): FeatureCollection {
  return { type: "FeatureCollection", features };
}

/** Metres between two points (haversine): for "how near", never shown as a travel distance. */
export function metresBetween(lon1: number, lat1: number, lon2: number, lat2: number): number {
  const rad = Math.PI / 180;
  const a =
    Math.sin(((lat2 - lat1) * rad) / 2) ** 2 +
    Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(a));
}
