/** The lazy chunk: MapLibre itself. Import `OpsMap` from `@/map`, never from here. */
import type { FeatureCollection } from "geojson";
import type { Map as MapLibre, MapMouseEvent } from "maplibre-gl";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTheme } from "@/app/theme";
import { useT } from "@/i18n";
import { Credit } from "./Credit";
import { MapContext } from "./context";
import { findNames, findRoads, HOME, makeMap } from "./engine";
import { mapStyle } from "./style";
import { mapColours } from "./tokens";
import "./map.css";

export type OpsMapProps = {
  /** Layers and marks; each may return null. */
  children?: ReactNode;
  /** Where the map looks first, and again when this object changes. No flight: it jumps. */
  view?: { lon: number; lat: number; zoom: number } | null;
  /** A click on the ground (not on a mark). */
  onPick?: (lon: number, lat: number) => void;
  /** Age of the unit positions in words, where the screen shows units. */
  positionsAge?: string | null;
};

function useMapLibre(
  box: React.RefObject<HTMLDivElement | null>,
  first: { lon: number; lat: number; zoom: number },
) {
  const [map, setMap] = useState<MapLibre | null>(null);
  const [failed, setFailed] = useState(false);
  const start = useRef(first);
  useEffect(() => {
    if (!box.current) return;
    let made: MapLibre;
    try {
      made = makeMap(box.current, [start.current.lon, start.current.lat], start.current.zoom);
    } catch {
      setFailed(true);
      return;
    }
    const ready = () => setMap(made);
    made.once("style.load", ready);
    const resize = new ResizeObserver(() => made.resize());
    resize.observe(box.current);
    return () => {
      resize.disconnect();
      setMap(null);
      made.remove();
    };
  }, [box]);
  return { map, failed };
}

/** Puts roads under the map when they are there, and redraws it when the theme changes. */
function useStyle(map: MapLibre | null): { hasRoads: boolean | null } {
  const theme = useTheme((state) => state.theme);
  const [ground, setGround] = useState<{ roads: string | null; names: FeatureCollection } | null>(null);
  useEffect(() => {
    if (!map) return;
    let here = true;
    void Promise.all([findRoads(), findNames()]).then(
      ([roads, names]) => here && setGround({ roads, names }),
    );
    return () => {
      here = false;
    };
  }, [map]);
  useEffect(() => {
    if (!map || !ground || !theme) return;
    // `diff` keeps the sources and layers that the screen's own layers have added.
    const base = mapStyle({ colours: mapColours(), ...ground });
    map.setStyle(base, { diff: true, transformStyle: (before, next) => keepOwn(before, next) });
  }, [map, ground, theme]);
  return { hasRoads: ground ? ground.roads !== null : null };
}

type Style = ReturnType<MapLibre["getStyle"]>;

function keepOwn(before: Style | undefined, next: Style): Style {
  if (!before) return next;
  const own = before.layers.filter((layer) => layer.id.startsWith("own-"));
  const sources = Object.entries(before.sources).filter(([id]) => id.startsWith("own-"));
  return {
    ...next,
    sources: { ...next.sources, ...Object.fromEntries(sources) },
    layers: [...next.layers, ...own],
  };
}

export default function OpsMap({ children, view, onPick, positionsAge }: OpsMapProps) {
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  const { map, failed } = useMapLibre(box, view ?? HOME);
  const { hasRoads } = useStyle(map);
  useEffect(() => {
    if (map && view) map.jumpTo({ center: [view.lon, view.lat], zoom: view.zoom });
  }, [map, view]);
  useEffect(() => {
    if (!map || !onPick) return;
    const click = (event: MapMouseEvent) => onPick(event.lngLat.lng, event.lngLat.lat);
    map.on("click", click);
    return () => {
      map.off("click", click);
    };
  }, [map, onPick]);
  return (
    <div className="ops-map" role="region" aria-label={t("map.label")}>
      <div ref={box} className={`ops-map-canvas${onPick ? " picking" : ""}`} />
      {failed && <p className="empty t2">{t("map.failed")}</p>}
      <MapContext value={map}>{map && children}</MapContext>
      <div className="ops-map-tools">
        <button
          type="button"
          className="btn small"
          title={t("map.zoomIn")}
          aria-label={t("map.zoomIn")}
          onClick={() => map?.zoomIn({ duration: 0 })}
        >
          +
        </button>
        <button
          type="button"
          className="btn small"
          title={t("map.zoomOut")}
          aria-label={t("map.zoomOut")}
          onClick={() => map?.zoomOut({ duration: 0 })}
        >
          −
        </button>
      </div>
      <Credit hasRoads={hasRoads} positionsAge={positionsAge} />
    </div>
  );
}
