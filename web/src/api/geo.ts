/**
 * Places, borders, ways, and what the map must say about its roads. Types are the server's own.
 * What a caller said and where somebody is goes in the body: no log of addresses keeps it.
 */
import type { PlaceView, RouteAsked, RouteView, StyleInfoView, WhereView } from "./generated/types.gen";
import { get, post } from "./http";

export type Place = PlaceView;

export const styleInfo = () => get<StyleInfoView>("/geo/style-info");

/** Places that fit the words, best first; near the given point first. */
export const findPlaces = (q: string, near: { lon: number; lat: number } | null, signal?: AbortSignal) =>
  post<PlaceView[]>(
    "/geo/places",
    near ? { q, lon: near.lon, lat: near.lat } : { q },
    signal ? { signal } : {},
  );

/** Which desa and kecamatan a point lies in. */
export const whereIs = (lon: number, lat: number, signal?: AbortSignal) =>
  post<WhereView>("/geo/where", { lon, lat }, signal ? { signal } : {});

/** The quickest way by road. */
export const routeBetween = (ends: RouteAsked, signal?: AbortSignal) =>
  post<RouteView>("/geo/route", ends, signal ? { signal } : {});
