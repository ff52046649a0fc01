import type { GeoJSONSource } from "maplibre-gl";
import { useEffect } from "react";
import { useTheme } from "@/app/theme";
import { useMap } from "@/map/context";
import { mapColours } from "@/map/tokens";
import type { LonLat } from "./route";

const SOURCE = "own-route";

/** The way a unit takes or would take: dots while only proposed, a line once it is on its way. */
export function RouteLayer({ line, proposed }: { line: LonLat[] | null; proposed?: boolean }) {
  const map = useMap();
  const theme = useTheme((state) => state.theme);
  useEffect(() => {
    if (!map || !theme) return;
    map.addSource(SOURCE, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    map.addLayer({
      id: `${SOURCE}-line`,
      type: "line",
      source: SOURCE,
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": mapColours().route,
        "line-width": proposed ? 4 : 5,
        ...(proposed ? { "line-dasharray": [0, 2] } : {}),
      },
    });
    return () => {
      if (!map.getStyle()) return;
      if (map.getLayer(`${SOURCE}-line`)) map.removeLayer(`${SOURCE}-line`);
      if (map.getSource(SOURCE)) map.removeSource(SOURCE);
    };
  }, [map, theme, proposed]);
  useEffect(() => {
    if (!map || !theme || proposed === null) return;
    map.getSource<GeoJSONSource>(SOURCE)?.setData({
      type: "Feature",
      properties: {},
      geometry: { type: "LineString", coordinates: line ?? [] },
    });
  }, [map, theme, proposed, line]);
  return null;
}
