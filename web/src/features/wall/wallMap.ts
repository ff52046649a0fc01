/** The wall's map as plain shapes: borders to paths, points to marks that do not cover each other, names beside them. Pure. */
import type { FeatureCollection, Position } from "geojson";
import type { Incident, Priority } from "@/live/rows";
import type { PlaceGroup } from "./wallRoom";

export type Frame = { width: number; height: number };
export type Project = (lon: number, lat: number) => [number, number];

type Box = { west: number; south: number; east: number; north: number };

function rings(features: FeatureCollection): Position[][] {
  return features.features.flatMap(({ geometry }) => {
    if (geometry.type === "Polygon") return geometry.coordinates;
    if (geometry.type === "MultiPolygon") return geometry.coordinates.flat();
    return [];
  });
}

function boxOf(features: FeatureCollection): Box {
  const box = { west: 180, south: 90, east: -180, north: -90 };
  for (const ring of rings(features)) {
    for (const [lon = 0, lat = 0] of ring) {
      box.west = Math.min(box.west, lon);
      box.east = Math.max(box.east, lon);
      box.south = Math.min(box.south, lat);
      box.north = Math.max(box.north, lat);
    }
  }
  return box;
}

/** Fits the regency into the frame, north up, one scale in both directions. `margin` in pixels on each side. */
export function projection(regency: FeatureCollection, frame: Frame, margin: number): Project {
  const box = boxOf(regency);
  const squeeze = Math.cos((((box.south + box.north) / 2) * Math.PI) / 180);
  const width = (box.east - box.west) * squeeze;
  const height = box.north - box.south;
  const scale = Math.min((frame.width - 2 * margin) / width, (frame.height - 2 * margin) / height);
  const left = (frame.width - width * scale) / 2;
  const top = (frame.height - height * scale) / 2;
  return (lon, lat) => [left + (lon - box.west) * squeeze * scale, top + (box.north - lat) * scale];
}

function ringPath(ring: Position[], project: Project): string {
  const points: string[] = [];
  for (const [lon = 0, lat = 0] of ring) {
    const [x, y] = project(lon, lat);
    const point = `${Math.round(x)},${Math.round(y)}`;
    if (point !== points.at(-1)) points.push(point);
  }
  return points.length > 2 ? `M${points.join(" ")}Z` : "";
}

/** One path for all borders of a collection, to whole pixels. */
export function outline(features: FeatureCollection, project: Project): string {
  return rings(features)
    .map((ring) => ringPath(ring, project))
    .join("");
}

/** Roads by class, one path each, to whole pixels: {kind: "primary", d}. */
export function roadLines(roads: FeatureCollection, project: Project): { kind: string; d: string }[] {
  return roads.features.flatMap(({ geometry, properties }) => {
    if (geometry.type !== "MultiLineString") return [];
    const lines = geometry.coordinates.map((line) => {
      const points = line.map(([lon = 0, lat = 0]) => project(lon, lat).map(Math.round).join(","));
      return `M${points.filter((point, at) => point !== points[at - 1]).join(" ")}`;
    });
    return [{ kind: String(properties?.class ?? "road"), d: lines.join("") }];
  });
}

export type Mark = { id: string; priority: Priority; x: number; y: number };
type Rect = { x: number; y: number; width: number; height: number };
export type NamePlace = { text: string; x: number; y: number; anchor: "start" | "end" | "middle" };

/** Half the size of a mark, pixels. */
export const MARK_R = 24;
/** Mean width of a letter at the wall's support size (44 px, semibold). */
const LETTER = 22.5;
const LINE = 48;

const overlaps = (a: Rect, b: Rect) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const around = (mark: Mark): Rect => ({
  x: mark.x - MARK_R,
  y: mark.y - MARK_R,
  width: 2 * MARK_R,
  height: 2 * MARK_R,
});

function free(x: number, y: number, taken: readonly Mark[]): boolean {
  return taken.every((other) => Math.abs(other.x - x) >= 2 * MARK_R || Math.abs(other.y - y) >= 2 * MARK_R);
}

/** The nearest spot around a point where a mark covers no other: rings of growing width, east first. */
function spot(x: number, y: number, taken: readonly Mark[]): [number, number] {
  for (let ring = 0; ring < 6; ring += 1) {
    const steps = ring === 0 ? 1 : 8 * ring;
    for (let step = 0; step < steps; step += 1) {
      const angle = (step / steps) * 2 * Math.PI;
      const [nx, ny] = [x + Math.cos(angle) * ring * MARK_R, y + Math.sin(angle) * ring * MARK_R];
      if (free(nx, ny, taken)) return [nx, ny];
    }
  }
  return [x, y];
}

export function marksOf(incidents: readonly Incident[], project: Project, frame: Frame): Mark[] {
  const marks: Mark[] = [];
  const inside = (value: number, size: number) => Math.min(size - MARK_R - 4, Math.max(MARK_R + 4, value));
  for (const { id, priority, lon, lat } of incidents) {
    if (typeof lon !== "number" || typeof lat !== "number") continue;
    const [px, py] = project(lon, lat);
    const [x, y] = spot(inside(px, frame.width), inside(py, frame.height), marks);
    marks.push({ id, priority, x, y });
  }
  return marks;
}

function candidates(text: string, marks: readonly Mark[]): (NamePlace & { rect: Rect })[] {
  const width = text.length * LETTER;
  const gap = MARK_R + 12;
  const east = marks.reduce((a, b) => (b.x > a.x ? b : a));
  const west = marks.reduce((a, b) => (b.x < a.x ? b : a));
  const low = marks.reduce((a, b) => (b.y > a.y ? b : a));
  const high = marks.reduce((a, b) => (b.y < a.y ? b : a));
  const at = (x: number, y: number, anchor: NamePlace["anchor"]) => {
    const left = anchor === "start" ? x : anchor === "end" ? x - width : x - width / 2;
    return { text, x, y, anchor, rect: { x: left, y: y - LINE / 2, width, height: LINE } };
  };
  return [
    at(west.x - gap, west.y, "end"),
    at(east.x + gap, east.y, "start"),
    at(low.x, low.y + MARK_R + LINE / 2, "middle"),
    at(high.x, high.y - MARK_R - LINE / 2, "middle"),
    at(low.x + MARK_R, low.y + MARK_R + LINE / 2, "end"),
    at(low.x - MARK_R, low.y + MARK_R + LINE / 2, "start"),
    at(high.x + MARK_R, high.y - MARK_R - LINE / 2, "end"),
    at(high.x - MARK_R, high.y - MARK_R - LINE / 2, "start"),
  ];
}

const within = (rect: Rect, frame: Frame) =>
  rect.x >= 4 &&
  rect.y >= 4 &&
  rect.x + rect.width <= frame.width - 4 &&
  rect.y + rect.height <= frame.height - 4;

/**
 * "Pasar Kemis 2" beside the marks of each kecamatan, the most urgent first, where it covers no mark and no other name.
 * A name that has no room is left out: the list has it.
 */
export function placeNames(
  groups: readonly PlaceGroup[],
  marks: readonly Mark[],
  nameOf: (code: string) => string | null,
  frame: Frame,
): NamePlace[] {
  const byId = new Map(marks.map((mark) => [mark.id, mark]));
  const taken: Rect[] = marks.map(around);
  const placed: NamePlace[] = [];
  for (const { code, incidents } of groups) {
    const name = code ? nameOf(code) : null;
    const own = incidents.map(({ id }) => byId.get(id)).filter((mark) => mark !== undefined);
    if (!name || own.length === 0) continue;
    const found = candidates(`${name} ${own.length}`, own).find(
      ({ rect }) => within(rect, frame) && !taken.some((other) => overlaps(rect, other)),
    );
    if (!found) continue;
    const { rect, ...place } = found;
    taken.push(rect);
    placed.push(place);
  }
  return placed;
}
