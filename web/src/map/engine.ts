/** MapLibre with its worker and the PMTiles protocol, set up once. Only the lazy map chunk imports this. */
import { addProtocol, Map as MapLibre, setWorkerUrl } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import { Protocol } from "pmtiles";
import { styleInfo } from "@/api/geo";
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

export function makeMap(container: HTMLElement, centre: [number, number], zoom: number): MapLibre {
  return new MapLibre({
    container,
    style: mapStyle({ colours: mapColours(), roads: null }),
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
