/** Which units the map names, so that a few words stand on it and not eighty. Pure. */
import type { Unit } from "@/live/rows";
import { UNIT_OFF } from "@/ui/UnitState";

/** From this zoom on the ready units around are named too. */
const ALL_FROM_ZOOM = 11.5;

type Wanted = {
  /** Proposed, marked or chosen: always named. */
  named: ReadonlySet<string>;
  zoom: number;
};

/** Units with a job and those of interest by name; from near, the ready ones of one post as a single tag "DMK-01 +4". */
export function unitsOnMap(units: readonly Unit[], { named, zoom }: Wanted): Unit[] {
  const shown: Unit[] = [];
  const posts = new Map<string, Unit[]>();
  for (const unit of units) {
    if (!unit.active) continue;
    if (unit.assignment_id || named.has(unit.id)) shown.push(unit);
    else if (zoom >= ALL_FROM_ZOOM && !UNIT_OFF.has(unit.status)) {
      const post = `${unit.station_lon},${unit.station_lat}`;
      posts.set(post, [...(posts.get(post) ?? []), unit]);
    }
  }
  // What is of interest is drawn last: it lies above the ready ones of the same post.
  const ready = [...posts.values()].flatMap(([first, ...rest]) =>
    first ? [rest.length > 0 ? { ...first, code: `${first.code} +${rest.length}` } : first] : [],
  );
  return [...ready, ...shown];
}

export type Side = "north" | "east" | "south" | "west";

/** On which side of the map's frame a point lies; null when it is inside. */
export function sideOf(
  [lon, lat]: [number, number],
  frame: { west: number; south: number; east: number; north: number },
): Side | null {
  const over = {
    north: lat - frame.north,
    south: frame.south - lat,
    east: lon - frame.east,
    west: frame.west - lon,
  };
  const [side, by] = (Object.entries(over) as [Side, number][]).reduce((most, one) =>
    one[1] > most[1] ? one : most,
  );
  return by > 0 ? side : null;
}

/** Zoom at which an incident is looked at, and the farthest from which its units are still brought into the frame. */
export const NEAR_ZOOM = 12.6;
const FAR_ZOOM = 9.6;
/** Half of the smallest map of the desk (584 × 282 px), less the tags at its edge. */
const DESK_HALF_PX = { x: 230, y: 105 };
/** Pixels of the whole world at zoom 0, and degrees. */
const WORLD_PX = 512;

/** The nearest zoom that has the incident in the middle and its units in the frame; those too far away are left out. */
export function zoomToShow(
  [lon, lat]: [number, number],
  spots: readonly [number, number][],
  { near = NEAR_ZOOM, half = DESK_HALF_PX }: { near?: number; half?: { x: number; y: number } } = {},
): number {
  const squeeze = Math.cos((lat * Math.PI) / 180);
  const fits = spots.map(([x, y]) => {
    const across = Math.abs(x - lon) / half.x;
    const along = Math.abs(y - lat) / squeeze / half.y;
    return Math.log2(360 / (WORLD_PX * Math.max(across, along, 1e-9)));
  });
  const within = fits.filter((zoom) => zoom >= FAR_ZOOM);
  return Math.min(near, ...within);
}
