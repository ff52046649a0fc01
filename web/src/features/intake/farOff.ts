/** Places that the caller's phone speaks against: of the same name, but somewhere else. Pure. */
import { metresBetween } from "@/map/circle";

/** Beyond every evidence's own circle by more than this a place is likely another of the same name, metres. */
const FAR_OFF_M = 5000;

type Point = { lon: number; lat: number };
type Evidence = Point & { uncertainty_m: number | null };

/** Whether no evidence speaks for a place. Without any evidence nothing is far off. */
export function isFarOff(place: Point, evidence: readonly Evidence[]): boolean {
  return (
    evidence.length > 0 &&
    evidence.every(
      (one) => metresBetween(one.lon, one.lat, place.lon, place.lat) > (one.uncertainty_m ?? 0) + FAR_OFF_M,
    )
  );
}

/** The search's order, but what lies near the evidence before what does not. */
export function likelyFirst<P extends Point>(places: readonly P[], evidence: readonly Evidence[]): P[] {
  return [
    ...places.filter((place) => !isFarOff(place, evidence)),
    ...places.filter((place) => isFarOff(place, evidence)),
  ];
}
