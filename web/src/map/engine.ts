/** MapLibre with its worker and the PMTiles protocol, set up once. Only the lazy map chunk imports this. */
import type { Feature, FeatureCollection } from "geojson";
import { addProtocol, Map as MapLibre, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import { Protocol } from "pmtiles";
import { styleInfo } from "@/api/geo";
import { collection } from "./circle";
import { namePoints } from "./names";
import { mapStyle } from "./style";
import { mapColours } from "./tokens";

setWorkerUrl(workerUrl);
const protocol = new Protocol();
addProtocol("pmtiles", protocol.tile);

/** Kabupaten Tangerang, seen whole. */
export const HOME = { lon: 106.52, lat: -6.19, zoom: 10.3 };

/** Address of the road tiles; null where none are imported or the server is away and none are kept. */
export async function findRoads(): Promise<string | null> {
  try {
    const { tiles } = await styleInfo();
    return tiles ? `${location.origin}${tiles}` : null;
  } catch {
    return null;
  }
}

async function border(level: "kecamatan" | "desa"): Promise<Feature[]> {
  const answer = await fetch(`/api/geo/borders/${level}`);
  return namePoints((await answer.json()) as FeatureCollection, level);
}

/** The names of kecamatan and desa as points; empty while the borders cannot be had. */
export async function findNames(): Promise<FeatureCollection> {
  try {
    return collection((await Promise.all([border("kecamatan"), border("desa")])).flat());
  } catch {
    return collection([]);
  }
}

export function makeMap(container: HTMLElement, centre: [number, number], zoom: number): MapLibre {
  return new MapLibre({
    container,
    style: mapStyle({ colours: mapColours(), names: collection([]), roads: null }),
    center: centre,
    zoom,
    minZoom: 8,
    maxZoom: 18,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    renderWorldCopies: false,
  });
}
