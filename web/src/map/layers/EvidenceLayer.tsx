import type { GeoJSONSource } from "maplibre-gl";
import { useEffect, useMemo } from "react";
import { useTheme } from "@/app/theme";
import { circle, collection } from "../circle";
import { useMap } from "../context";
import { MapMark } from "../MapMark";
import { mapColours } from "../tokens";

type EvidenceMark = {
  id: string;
  lon: number;
  lat: number;
  uncertaintyM: number | null;
  /** Told apart by line: phone solid, cell tower dots, spoken words a diamond. */
  line: "solid" | "dots" | "diamond";
  /** "1 · HP ±18 m", ranked as in its list. */
  caption: string;
};

const SOURCE = "own-evidence";

/** Location evidence: one light for all, circles of their uncertainty, never hidden by the pin. */
export function EvidenceLayer({ marks }: { marks: readonly EvidenceMark[] }) {
  const map = useMap();
  const theme = useTheme((state) => state.theme);
  const data = useMemo(
    () =>
      collection(
        marks
          .filter((mark) => mark.line !== "diamond" && mark.uncertaintyM)
          .map((mark) => circle(mark.lon, mark.lat, mark.uncertaintyM ?? 0, { line: mark.line })),
      ),
    [marks],
  );
  useEffect(() => {
    if (!map || !theme) return;
    const colour = mapColours().ev;
    map.addSource(SOURCE, { type: "geojson", data: collection([]) });
    map.addLayer({
      id: `${SOURCE}-fill`,
      type: "fill",
      source: SOURCE,
      paint: { "fill-color": colour, "fill-opacity": 0.07 },
    });
    map.addLayer({
      id: `${SOURCE}-solid`,
      type: "line",
      source: SOURCE,
      filter: ["==", ["get", "line"], "solid"],
      paint: { "line-color": colour, "line-width": 2 },
    });
    map.addLayer({
      id: `${SOURCE}-dots`,
      type: "line",
      source: SOURCE,
      filter: ["==", ["get", "line"], "dots"],
      layout: { "line-cap": "round" },
      paint: { "line-color": colour, "line-width": 2, "line-dasharray": [0, 3] },
    });
    return () => {
      if (!map.getStyle()) return;
      for (const part of ["fill", "solid", "dots"])
        if (map.getLayer(`${SOURCE}-${part}`)) map.removeLayer(`${SOURCE}-${part}`);
      if (map.getSource(SOURCE)) map.removeSource(SOURCE);
    };
  }, [map, theme]);
  useEffect(() => {
    map?.getSource<GeoJSONSource>(SOURCE)?.setData(data);
  }, [map, data]);
  return marks.map((mark) => <EvidenceName key={mark.id} mark={mark} />);
}

const DEGREES_PER_M = 180 / (Math.PI * 6_371_008.8);

/** The name stands at the edge of its circle: south of a phone's, north (inside) of a tower's wide one. */
function EvidenceName({ mark }: { mark: EvidenceMark }) {
  const edge = (mark.uncertaintyM ?? 0) * DEGREES_PER_M;
  if (mark.line === "diamond") {
    return (
      <MapMark lon={mark.lon} lat={mark.lat}>
        <svg className="passive" width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">
          <path d="M0-6 6 0 0 6-6 0z" fill="var(--m-halo)" stroke="var(--m-ev)" strokeWidth="2" />
        </svg>
        <span className="evidence-name passive" style={{ top: -18 }}>
          {mark.caption}
        </span>
      </MapMark>
    );
  }
  const south = mark.line === "solid";
  return (
    <MapMark lon={mark.lon} lat={mark.lat + (south ? -edge : edge)} dy={south ? 12 : 14}>
      <span className="evidence-name passive">{mark.caption}</span>
    </MapMark>
  );
}
