/** Names of kecamatan and desa as one point each: MapLibre would write a name into every part of a border. Pure. */
import type { Feature, FeatureCollection, Position } from "geojson";

function area(ring: Position[]): number {
  return ring.reduce((sum, [x = 0, y = 0], at) => {
    const [nextX = 0, nextY = 0] = ring[(at + 1) % ring.length] ?? [];
    return sum + x * nextY - nextX * y;
  }, 0);
}

/** The middle of a ring (its centroid); its corners' mean where it has no area. */
function middle(ring: Position[]): [number, number] {
  const twice = area(ring);
  if (Math.abs(twice) < 1e-12) {
    const mean = (axis: 0 | 1) => ring.reduce((sum, corner) => sum + (corner[axis] ?? 0), 0) / ring.length;
    return [mean(0), mean(1)];
  }
  let [cx, cy] = [0, 0];
  ring.forEach(([x = 0, y = 0], at) => {
    const [nextX = 0, nextY = 0] = ring[(at + 1) % ring.length] ?? [];
    const cross = x * nextY - nextX * y;
    cx += (x + nextX) * cross;
    cy += (y + nextY) * cross;
  });
  return [cx / (3 * twice), cy / (3 * twice)];
}

function outerRings({ geometry }: Feature): Position[][] {
  if (geometry.type === "Polygon") return geometry.coordinates.slice(0, 1);
  if (geometry.type === "MultiPolygon") return geometry.coordinates.flatMap((part) => part.slice(0, 1));
  return [];
}

function place(feature: Feature): [number, number] | null {
  const { label_lon: lon, label_lat: lat } = feature.properties ?? {};
  if (typeof lon === "number" && typeof lat === "number") return [lon, lat];
  const [largest] = outerRings(feature).sort((a, b) => Math.abs(area(b)) - Math.abs(area(a)));
  return largest ? middle(largest) : null;
}

/** Each border's name at its own label point, else in the middle of its largest part. */
export function namePoints(borders: FeatureCollection, level: "kecamatan" | "desa"): Feature[] {
  return borders.features.flatMap((feature): Feature[] => {
    const at = place(feature);
    if (!at) return [];
    const properties = { name: feature.properties?.name, level };
    return [{ type: "Feature", properties, geometry: { type: "Point", coordinates: at } }];
  });
}
