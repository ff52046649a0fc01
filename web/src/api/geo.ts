import { get, query } from "./http";

export type StyleInfo = { synthetic: boolean; credit: string };

export const styleInfo = () => get<StyleInfo>("/geo/style-info");

export type Place = {
  name: string;
  kind: string;
  lon: number;
  lat: number;
  kecamatan?: string | null;
  desa?: string | null;
  distance_m?: number | null;
};

/** Places that fit the words, nearest to the given point first. */
export const findPlaces = (q: string, near: { lon: number; lat: number } | null, signal?: AbortSignal) =>
  get<{ places: Place[] }>(
    `/geo/places${query({ q, lon: near?.lon, lat: near?.lat })}`,
    signal ? { signal } : {},
  );

export type Where = {
  kecamatan_code: string | null;
  kecamatan: string | null;
  desa_code: string | null;
  desa: string | null;
  outside: boolean;
  neighbour: string | null;
};

/** Which desa and kecamatan a point lies in. */
export const whereIs = (lon: number, lat: number, signal?: AbortSignal) =>
  get<Where>(`/geo/where${query({ lon, lat })}`, signal ? { signal } : {});
