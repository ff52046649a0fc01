/** The phone's data: the room where it speaks, else what the phone kept, and after both what has not gone out yet. */
import { useEffect, useMemo } from "react";
import { useCatalogue } from "@/api/catalogue";
import { useOutbox } from "@/api/outbox";
import { useSession } from "@/app/session";
import { useRoom } from "@/live/room";
import type { Move } from "../assignment/moves";
import { type LonLat, type Route, useRoute } from "../assignment/route";
import { useHeld } from "./held";
import { keep, useKept } from "./keep";
import { endedElsewhere, type Kept, keptFrom, type Phone, phoneOf } from "./phone";

const NO_MOVES: Move[] = [];

export type Crew = { phone: Phone; kept: Kept; route: Route | null; at: LonLat | null };

function usePlace(kept: Kept | null, at: LonLat | null) {
  const { lon, lat } = kept?.incident ?? {};
  const to = useMemo<LonLat | null>(
    () => (typeof lon === "number" && typeof lat === "number" ? [lon, lat] : null),
    [lon, lat],
  );
  const unit = kept?.unit;
  const station: LonLat | null =
    unit && unit.station_lon !== null && unit.station_lat !== null
      ? [unit.station_lon, unit.station_lat]
      : null;
  return { from: at ?? station, to };
}

/** Null until the room or the phone's own memory knows the unit. */
export function useCrew(at: LonLat | null): Crew | null {
  const unitId = useSession((session) => session.who?.unit_id ?? null);
  const tables = useRoom((room) => room.tables);
  const sent = useOutbox((box) => box.waiting);
  const held = useHeld((one) => one.line);
  const waiting = useMemo(() => (held ? [...sent, held] : sent), [sent, held]);
  const catalogue = useCatalogue();
  const remembered = useKept((one) => one.kept);
  const known = useMemo(() => (unitId ? keptFrom(tables, unitId, null) : null), [tables, unitId]);
  const base = known ?? (remembered?.unit.id === unitId ? remembered : null);
  const { from, to } = usePlace(base, at);
  const asked = useRoute(from, to);
  const route = asked ?? (remembered?.job?.id === base?.job?.id ? (remembered?.route ?? null) : null);
  useEffect(() => {
    if (known) keep({ ...known, route }, endedElsewhere(useKept.getState().kept, tables, waiting));
  }, [known, route, tables, waiting]);
  return useMemo(() => {
    if (!base) return null;
    const phone = phoneOf(base, catalogue?.assignment_moves ?? NO_MOVES, waiting);
    return { phone, kept: base, route: phone.incident ? route : null, at };
  }, [base, catalogue, waiting, route, at]);
}
