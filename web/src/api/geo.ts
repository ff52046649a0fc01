import { get, query } from "./http";

export type StyleInfo = { imported: boolean; synthetic: boolean; credit: string; tiles: string | null };

export const styleInfo = () => get<StyleInfo>("/geo/style-info");

/** One proposal of the place search. `area`: only somewhere inside, never an address; `ask`: what would settle it. */
export type Place = {
  name: string;
  kind: string;
  detail: string;
  lon: number;
  lat: number;
  accuracy_m: number;
  kecamatan: string | null;
  desa: string | null;
  area: boolean;
  distance_m: number | null;
  ambiguous: boolean;
  ask: string | null;
};

/** Places that fit the words, best first; near the given point first. */
export const findPlaces = (q: string, near: { lon: number; lat: number } | null, signal?: AbortSignal) =>
  get<Place[]>(`/geo/places${query({ q, lon: near?.lon, lat: near?.lat })}`, signal ? { signal } : {});

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
