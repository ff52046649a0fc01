import { useMemo } from "react";
import { useRoom, useTable } from "@/live/room";
import type { Incident } from "@/live/rows";
import { IncidentLayer, OpsMap, UnitLayer, unitPlace } from "@/map";
import { RouteLayer } from "../assignment/RouteLayer";
import { type LonLat, useRoute } from "../assignment/route";

/** The place, the units that go or would go, and the way of the first of them. */
export function TaskMap({ incident, unitIds }: { incident: Incident; unitIds: readonly string[] }) {
  const units = useTable("unit");
  const positions = useRoom((room) => room.positions);
  const { lon, lat } = incident;
  const place: LonLat | null = typeof lon === "number" && typeof lat === "number" ? [lon, lat] : null;
  const view = useMemo(
    () => (typeof lon === "number" && typeof lat === "number" ? { lon, lat, zoom: 13.2 } : null),
    [lon, lat],
  );
  const shown = unitIds.map((id) => units[id]).filter((unit) => unit !== undefined);
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
