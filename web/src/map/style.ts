/** The style of the room's map: borders as GeoJSON, roads as one PMTiles file, colours from the tokens. Pure. */
import type { FeatureCollection } from "geojson";
import type { LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { MapColours } from "./tokens";

const LABEL_FONT = ["IBM Plex Sans Variable"];

/** Widths in pixels by zoom, per class of road: the look keeps roads quiet against marks. */
const ROADS: { id: string; classes: string[]; colour: keyof MapColours; widths: number[]; from: number }[] = [
  {
    id: "lane",
    classes: ["residential", "unclassified", "living_street", "service", "track"],
    colour: "lane",
    widths: [12, 0.6, 16, 3],
    from: 12,
  },
  { id: "road", classes: ["tertiary", "tertiary_link"], colour: "road", widths: [10, 0.8, 16, 5], from: 10 },
  {
    id: "main",
    classes: ["primary", "secondary", "trunk", "primary_link", "secondary_link", "trunk_link"],
    colour: "main",
    widths: [8, 1, 12, 2.5, 16, 8],
    from: 7,
  },
  {
    id: "toll",
    classes: ["motorway", "motorway_link"],
    colour: "toll",
    widths: [8, 1.5, 12, 3.5, 16, 9],
    from: 6,
  },
];

function roadLayers(colours: MapColours): LayerSpecification[] {
  return ROADS.map(({ id, classes, colour, widths, from }) => ({
    id: `road-${id}`,
    type: "line",
    source: "roads",
    "source-layer": "roads",
    minzoom: from,
    filter: ["in", ["get", "class"], ["literal", classes]],
    layout: { "line-cap": "round", "line-join": "round" },
    paint: {
      "line-color": colours[colour],
      "line-width": ["interpolate", ["exponential", 1.4], ["zoom"], ...widths] as unknown as number,
    },
  }));
}

function roadNames(colours: MapColours): LayerSpecification {
  return {
    id: "road-name",
    type: "symbol",
    source: "roads",
    "source-layer": "roads",
    minzoom: 14,
    filter: ["has", "name"],
    layout: {
      "symbol-placement": "line",
      "text-field": ["get", "name"],
      "text-font": LABEL_FONT,
      "text-size": 12,
    },
    paint: { "text-color": colours.label, "text-halo-color": colours.halo, "text-halo-width": 1.5 },
  };
}

function waterLayers(colours: MapColours): LayerSpecification[] {
  const water = { source: "roads", "source-layer": "water" } as const;
  return [
    {
      id: "water",
      type: "fill",
      ...water,
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": colours.water },
    },
    {
      id: "river",
      type: "line",
      ...water,
      filter: ["==", ["geometry-type"], "LineString"],
      paint: { "line-color": colours.water, "line-width": 1.5 },
    },
  ];
}

const borderSource = (name: string) => ({ type: "geojson" as const, data: `/api/geo/borders/${name}` });

function borderLayers(colours: MapColours): LayerSpecification[] {
  return [
    { id: "neighbours", type: "fill", source: "neighbours", paint: { "fill-color": colours.out } },
    { id: "land", type: "fill", source: "kecamatan", paint: { "fill-color": colours.land } },
    {
      id: "desa",
      type: "line",
      source: "desa",
      minzoom: 11.5,
      paint: { "line-color": colours.desa, "line-width": 1, "line-dasharray": [2, 4] },
    },
    {
      id: "kecamatan",
      type: "line",
      source: "kecamatan",
      paint: { "line-color": colours.kec, "line-width": 1, "line-dasharray": [5, 3] },
    },
  ];
}

function labelLayers(colours: MapColours): LayerSpecification[] {
  const text = (field: string, size: number) => ({
    "text-field": ["get", field] as unknown as string,
    "text-font": LABEL_FONT,
    "text-size": size,
    "text-max-width": 8,
  });
  const paint = { "text-color": colours.label, "text-halo-color": colours.halo, "text-halo-width": 1.5 };
  const of = (level: string) => ["==", ["get", "level"], level] as unknown as boolean;
  return [
    {
      id: "kecamatan-name",
      type: "symbol",
      source: "names",
      maxzoom: 13,
      filter: of("kecamatan"),
      layout: text("name", 12),
      paint,
    },
    {
      id: "desa-name",
      type: "symbol",
      source: "names",
      minzoom: 13,
      filter: of("desa"),
      layout: text("name", 12),
      paint,
    },
  ];
}

export type StyleParts = {
  colours: MapColours;
  /** Where each name stands: one point, though its area may have several parts. */
  names: FeatureCollection;
  /** Address of the road tiles; null where none are imported. */
  roads: string | null;
};

export function mapStyle({ colours, names, roads }: StyleParts): StyleSpecification {
  return {
    version: 8,
    sources: {
      kecamatan: borderSource("kecamatan"),
      desa: borderSource("desa"),
      neighbours: borderSource("neighbours"),
      names: { type: "geojson", data: names },
      ...(roads ? { roads: { type: "vector" as const, url: `pmtiles://${roads}` } } : {}),
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colours.sea } },
      ...borderLayers(colours),
      ...(roads ? [...waterLayers(colours), ...roadLayers(colours), roadNames(colours)] : []),
      ...labelLayers(colours),
    ],
  };
}
