import { useMemo } from "react";
import { useRoom, useTable } from "@/live/room";
import type { Incident } from "@/live/rows";
import { IncidentLayer, OpsMap, UnitLayer, unitPlace } from "@/map";
import { RouteLayer } from "../assignment/RouteLayer";
import { type LonLat, useRoute } from "../assignment/route";
import { zoomToShow } from "../dispatch/mapUnits";

/** Half of the smallest map of the console (642 × 120 px), less the tags at its edge. */
const HALF_PX = { x: 260, y: 42 };

/** The place, the units that go or would go, and the way of the first of them. */
export function TaskMap({ incident, unitIds }: { incident: Incident; unitIds: readonly string[] }) {
  const units = useTable("unit");
  const positions = useRoom((room) => room.positions);
  const { lon, lat } = incident;
  const place: LonLat | null = typeof lon === "number" && typeof lat === "number" ? [lon, lat] : null;
  const shown = unitIds.map((id) => units[id]).filter((unit) => unit !== undefined);
  const going = shown.map((unit) => unit.id).join();
  // Framed anew when other units go, not while they drive.
  const view = useMemo(() => {
    if (typeof lon !== "number" || typeof lat !== "number") return null;
    const { tables, positions: now } = useRoom.getState();
    const spots = going.split(",").map((id) => {
      const unit = tables.unit[id];
      return unit ? unitPlace(unit, now) : null;
    });
    const seen = spots.filter((spot) => spot !== null);
    return { lon, lat, zoom: zoomToShow([lon, lat], seen, { near: 13.2, half: HALF_PX }) };
  }, [lon, lat, going]);
  const first = shown[0];
  const route = useRoute(first ? unitPlace(first, positions) : null, place);
  const incidents = useMemo(() => [incident], [incident]);
  return (
    <div className="task-map">
      <OpsMap view={view}>
        <RouteLayer line={route?.line ?? null} proposed={!first?.assignment_id} />
        <UnitLayer units={shown} positions={positions} />
        <IncidentLayer incidents={incidents} chosenId={incident.id} />
      </OpsMap>
    </div>
  );
}
