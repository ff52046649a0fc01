import { useQuery } from "@tanstack/react-query";
import type { FeatureCollection } from "geojson";
import { useMemo } from "react";
import { get } from "@/api/http";
import { useT } from "@/i18n";
import type { Incident } from "@/live/rows";
import { ICONS, type IconName } from "@/ui/icons";
import { LoadingBars } from "@/ui/States";
import type { Names } from "../assignment/names";
import { MARK_R, marksOf, outline, placeNames, projection, roadLines } from "./wallMap";
import { byKecamatan } from "./wallRoom";

/** The map's place on the wall, design pixels. */
const FRAME = { width: 852, height: 552 };
const MARGIN = 10;
const FOREVER = {
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
  retry: true,
} as const;

function useBorders(level: "kecamatan" | "neighbours"): FeatureCollection | undefined {
  return useQuery({
    queryKey: ["borders", level],
    queryFn: ({ signal }) => get<FeatureCollection>(`/geo/borders/${level}`, { signal }),
    ...FOREVER,
  }).data;
}

/** Between two tries while a new demo still draws its roads. */
const ROADS_AGAIN_MS = 10_000;

function useRoads(): FeatureCollection | undefined {
  return useQuery({
    queryKey: ["roads", "major"],
    queryFn: ({ signal }) => get<FeatureCollection>("/geo/roads/major", { signal }),
    ...FOREVER,
    retryDelay: ROADS_AGAIN_MS,
  }).data;
}

/** The ground does not change: it is drawn once and kept. */
function useGround() {
  const regency = useBorders("kecamatan");
  const neighbours = useBorders("neighbours");
  const roads = useRoads();
  return useMemo(() => {
    if (!regency) return null;
    const project = projection(regency, FRAME, MARGIN);
    return {
      project,
      regency: outline(regency, project),
      neighbours: neighbours ? outline(neighbours, project) : "",
      roads: roads ? roadLines(roads, project) : [],
    };
  }, [regency, neighbours, roads]);
}

type Props = { incidents: readonly Incident[]; names: Names };

/** The regency by kecamatan with the open incidents; points come already moved to the wall's coarse grid. */
export function WallMap({ incidents, names }: Props) {
  const t = useT();
  const ground = useGround();
  if (!ground) return <LoadingBars what={t("map.loading")} />;
  const sorted = incidents.toSorted(
    (a, b) => a.priority.localeCompare(b.priority) || a.id.localeCompare(b.id),
  );
  const marks = marksOf(sorted, ground.project, FRAME);
  const places = placeNames(byKecamatan(sorted), marks, names.kecamatan, FRAME);
  return (
    <svg
      className="wall-map"
      viewBox={`0 0 ${FRAME.width} ${FRAME.height}`}
      role="img"
      aria-label={t("wall.map", { n: marks.length })}
    >
      <rect className="sea" width={FRAME.width} height={FRAME.height} />
      <path className="out" d={ground.neighbours} />
      <path className="land" d={ground.regency} fillRule="evenodd" />
      {ground.roads.map(({ kind, d }) => (
        <path key={kind} className={`road ${kind}`} d={d} />
      ))}
      {marks.map(({ id, priority, x, y }) => (
        <path
          key={id}
          className={`mark ${priority}`}
          d={ICONS[priority.toLowerCase() as IconName]}
          transform={`translate(${x - MARK_R} ${y - MARK_R}) scale(${(2 * MARK_R) / 16})`}
        />
      ))}
      {places.map(({ text, x, y, anchor }) => (
        <text key={text} x={x} y={y} textAnchor={anchor}>
          {text}
        </text>
      ))}
    </svg>
  );
}
