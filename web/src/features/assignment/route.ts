/** The way by road between two points, from the room's own roads. */
import { skipToken, useQuery } from "@tanstack/react-query";
import { routeBetween } from "@/api/geo";

export type LonLat = [number, number];
export type Route = { seconds: number; metres: number; line: LonLat[] };

/** About 110 m: a unit that moves asks for a new way only now and then. */
const rounded = (point: LonLat): LonLat => [Number(point[0].toFixed(3)), Number(point[1].toFixed(3))];

/** Null while unknown, where no road reaches, and where no roads are imported. Kept for the trip without signal. */
export function useRoute(from: LonLat | null, to: LonLat | null): Route | null {
  const ends = from && to ? { from: rounded(from), to: rounded(to) } : null;
  const route = useQuery({
    queryKey: ["geo", "route", ends?.from, ends?.to],
    queryFn: ends ? ({ signal }): Promise<Route> => routeBetween(ends, signal) : skipToken,
    staleTime: 600_000,
    placeholderData: (before) => before,
    retry: false,
  });
  return (ends && route.data) || null;
}
