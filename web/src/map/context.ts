/** The map that layers and marks draw on; null until it stands, and for ever where WebGL is missing. */
import type { Map as MapLibre } from "maplibre-gl";
import { createContext, useContext } from "react";

export const MapContext = createContext<MapLibre | null>(null);

export function useMap(): MapLibre | null {
  return useContext(MapContext);
}
