/** Places, borders, and what the map must say about its roads. Types are the server's own. */
import type { PlaceView, StyleInfoView, WhereView } from "./generated/types.gen";
import { get, query } from "./http";

export type Place = PlaceView;
export type Where = WhereView;

export const styleInfo = () => get<StyleInfoView>("/geo/style-info");

/** Places that fit the words, best first; near the given point first. */
export const findPlaces = (q: string, near: { lon: number; lat: number } | null, signal?: AbortSignal) =>
  get<PlaceView[]>(`/geo/places${query({ q, lon: near?.lon, lat: near?.lat })}`, signal ? { signal } : {});

/** Which desa and kecamatan a point lies in. */
export const whereIs = (lon: number, lat: number, signal?: AbortSignal) =>
  get<WhereView>(`/geo/where${query({ lon, lat })}`, signal ? { signal } : {});
