/** The next turn on a route, from where the unit is: metres to it and to which side. Pure. */
import { metresBetween } from "@/map/circle";
import type { LonLat } from "../assignment/route";

export type Turn = { metres: number; side: "left" | "right" | "straight" | "arrive" };

/** A bend of less than this many degrees is no turn. */
const TURN_DEG = 40;
/** Points nearer than this together are one corner. */
const CORNER_M = 25;

const between = (a: LonLat, b: LonLat) => metresBetween(a[0], a[1], b[0], b[1]);

function bearing(a: LonLat, b: LonLat): number {
  const rad = Math.PI / 180;
  const x = (b[0] - a[0]) * Math.cos(((a[1] + b[1]) / 2) * rad);
  return (Math.atan2(x, b[1] - a[1]) * 180) / Math.PI;
}

/** Degrees from one bearing to another, −180 to 180; right is positive. */
function bend(from: number, to: number): number {
  return ((((to - from) % 360) + 540) % 360) - 180;
}

/** The stretch of the line that a point lies on: its index, and the nearest point on it. */
function nearest(line: readonly LonLat[], at: LonLat): { index: number; point: LonLat } {
  const squeeze = Math.cos((at[1] * Math.PI) / 180);
  let best = { index: 0, point: line[0] as LonLat, metres: Number.POSITIVE_INFINITY };
  for (let index = 0; index + 1 < line.length; index += 1) {
    const [a, b] = [line[index] as LonLat, line[index + 1] as LonLat];
    const [dx, dy] = [(b[0] - a[0]) * squeeze, b[1] - a[1]];
    const along = ((at[0] - a[0]) * squeeze * dx + (at[1] - a[1]) * dy) / (dx * dx + dy * dy || 1);
    const share = Math.min(1, Math.max(0, along));
    const point: LonLat = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
    const metres = between(at, point);
    if (metres < best.metres) best = { index, point, metres };
  }
  return best;
}

/** Metres that are left of the line from a point near it. */
export function metresLeft(line: readonly LonLat[], at: LonLat): number {
  if (line.length < 2) return 0;
  const { index, point } = nearest(line, at);
  const rest = line.slice(index + 1);
  let metres = 0;
  let before = point;
  for (const next of rest) {
    metres += between(before, next);
    before = next;
  }
  return metres;
}

export function nextTurn(line: readonly LonLat[], at: LonLat): Turn | null {
  if (line.length < 2) return null;
  const { index, point } = nearest(line, at);
  const path: LonLat[] = [point];
  for (const next of line.slice(index + 1)) {
    if (between(path[path.length - 1] as LonLat, next) >= 1) path.push(next);
  }
  let metres = 0;
  for (let corner = 1; corner + 1 < path.length; corner += 1) {
    const [before, here] = [path[corner - 1] as LonLat, path[corner] as LonLat];
    metres += between(before, here);
    // A corner drawn in several short pieces is one turn: look as far as the road has straightened.
    let after = corner + 1;
    while (after + 1 < path.length && between(here, path[after] as LonLat) < CORNER_M) after += 1;
    const degrees = bend(bearing(before, here), bearing(here, path[after] as LonLat));
    if (Math.abs(degrees) > TURN_DEG) return { metres, side: degrees > 0 ? "right" : "left" };
  }
  return { metres: metresLeft(line, at), side: "arrive" };
}

/** Pixels that the way must fit into: the map of a new task on a small phone, less its edge. */
const FRAME = { width: 300, height: 170 };
const TILE = 512;
const NEAREST_ZOOM = 15;

/** Where the map looks so that all points are in it. */
export function viewOf(points: readonly LonLat[]): { lon: number; lat: number; zoom: number } {
  const [lons, lats] = [points.map((one) => one[0]), points.map((one) => one[1])];
  const [west, east] = [Math.min(...lons), Math.max(...lons)];
  const [south, north] = [Math.min(...lats), Math.max(...lats)];
  const lat = (south + north) / 2;
  const squeeze = Math.cos((lat * Math.PI) / 180);
  const zoomFor = (pixels: number, degrees: number) =>
    Math.log2((pixels * 360) / (TILE * Math.max(degrees, 1e-6)));
  const zoom = Math.min(
    zoomFor(FRAME.width, east - west),
    zoomFor(FRAME.height, (north - south) / squeeze),
    NEAREST_ZOOM,
  );
  return { lon: (west + east) / 2, lat, zoom };
}
