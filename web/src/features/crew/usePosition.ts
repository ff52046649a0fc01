/** Where the phone is: shown on its map, and told to the room while its unit is on duty. */
import { useEffect, useRef, useState } from "react";
import { post } from "@/api/http";
import type { LonLat } from "../assignment/route";

export type PositionState = "off" | "asking" | "on" | "denied" | "missing";

/** Seconds between two reports: while driving, and while standing. */
const MOVING_S = 4;
const STANDING_S = 30;
const MOVING_KMH = 5;

function bodyOf({ coords, timestamp }: GeolocationPosition) {
  const { longitude, latitude, accuracy, speed, heading } = coords;
  return {
    lon: longitude,
    lat: latitude,
    accuracy_m: Math.min(accuracy, 100_000),
    at: new Date(timestamp).toISOString(),
    ...(speed !== null && speed >= 0 ? { speed_kmh: Math.min(400, speed * 3.6) } : {}),
    ...(heading !== null && !Number.isNaN(heading) ? { heading } : {}),
  };
}

/** `wanted`: the person has agreed and a unit is on duty. The latest position wins; what cannot be sent is dropped. */
export function usePosition(
  unitId: string | null,
  wanted: boolean,
): { state: PositionState; at: LonLat | null } {
  const [state, setState] = useState<PositionState>("off");
  const [at, setAt] = useState<LonLat | null>(null);
  const told = useRef(0);
  useEffect(() => {
    if (!unitId || !wanted) return;
    if (!("geolocation" in navigator)) {
      setState("missing");
      return;
    }
    setState("asking");
    const watch = navigator.geolocation.watchPosition(
      (position) => {
        setState("on");
        setAt([position.coords.longitude, position.coords.latitude]);
        const moving = (position.coords.speed ?? 0) * 3.6 > MOVING_KMH;
        const now = Date.now();
        if (now - told.current < (moving ? MOVING_S : STANDING_S) * 1000) return;
        told.current = now;
        void post(`/units/${unitId}/position`, bodyOf(position)).catch(() => {
          // Away or too early: the next position says more than this one.
        });
      },
      (error) => setState(error.code === error.PERMISSION_DENIED ? "denied" : "asking"),
      { enableHighAccuracy: true, maximumAge: 5000, timeout: 20_000 },
    );
    return () => navigator.geolocation.clearWatch(watch);
  }, [unitId, wanted]);
  return { state, at };
}
