import { useEffect, useMemo, useState } from "react";
import { duration } from "@/i18n/format";
import { useRoom, useTable } from "@/live/room";
import type { Incident } from "@/live/rows";
import { IncidentLayer, OpsMap, UnitLayer, unitPlace } from "@/map";
import { useMap } from "@/map/context";
import { RouteLayer } from "../assignment/RouteLayer";
import { type LonLat, useRoute } from "../assignment/route";
import type { DeskAlarm } from "./alarms";
import { isOpen } from "./board";
import { choose, useDesk } from "./desk";
import { EdgeTags } from "./EdgeTags";
import { unitsOnMap, zoomToShow } from "./mapUnits";

function useZoom(): number {
  const map = useMap();
  const [zoom, setZoom] = useState(10);
  useEffect(() => {
    if (!map) return;
    const look = () => setZoom(map.getZoom());
    look();
    map.on("zoomend", look);
    return () => {
      map.off("zoomend", look);
    };
  }, [map]);
  return zoom;
}

type UnitsProps = { alarms: readonly DeskAlarm[]; named: ReadonlySet<string>; nowS: number };

function Units({ alarms, named, nowS }: UnitsProps) {
  const units = useTable("unit");
  const positions = useRoom((room) => room.positions);
  const zoom = useZoom();
  const chosenId = useDesk((desk) => desk.unitId);
  const wanted = chosenId ? new Set([...named, chosenId]) : named;
  const tones: Record<string, "late" | "escalated"> = {};
  for (const { assignment, level } of alarms) {
    if (assignment?.unit_id) tones[assignment.unit_id] = level === 1 ? "escalated" : "late";
  }
  return (
    <UnitLayer
      units={unitsOnMap(Object.values(units), { named: wanted, zoom })}
      positions={positions}
      alarms={tones}
      chosenId={chosenId}
      onChoose={(id) => useDesk.setState({ unitId: id })}
      nowS={nowS}
    />
  );
}

/** How old the newest position is, in words; null where no unit has sent one. */
function usePositionsAge(nowS: number): string | null {
  const positions = useRoom((room) => room.positions);
  const newest = Math.max(0, ...Object.values(positions).map((one) => one[2]));
  return newest > 0 ? duration(Math.max(0, nowS - newest)) : null;
}

function pointOf(incident: Incident | null): LonLat | null {
  const { lon, lat } = incident ?? {};
  return typeof lon === "number" && typeof lat === "number" ? [lon, lat] : null;
}

type Props = {
  chosen: Incident | null;
  alarms: readonly DeskAlarm[];
  /** Units on their way to the chosen incident, or proposed for it, the first of them with its way. */
  named: readonly string[];
  /** True while they are only proposed. */
  proposed: boolean;
  nowS: number;
};

/** Everything that has a place. The centre moves only when an incident is chosen. */
export function DispatchMap({ chosen, alarms, named, proposed, nowS }: Props) {
  const incidents = useTable("incident");
  const units = useTable("unit");
  const positions = useRoom((room) => room.positions);
  const age = usePositionsAge(nowS);
  const place = pointOf(chosen);
  const [lon, lat] = place ?? [null, null];
  const view = useMemo(() => {
    if (lon === null || lat === null) return null;
    // Looked up once, when the incident is chosen: the frame must not breathe while its units drive.
    const { tables, positions: now } = useRoom.getState();
    const going = Object.values(tables.unit).filter(
      (unit) => unit.assignment_id && tables.assignment[unit.assignment_id]?.incident_id === chosen?.id,
    );
    const spots = going.map((unit) => unitPlace(unit, now)).filter((spot) => spot !== null);
    return { lon, lat, zoom: zoomToShow([lon, lat], spots) };
  }, [lon, lat, chosen?.id]);
  const first = named[0] ? units[named[0]] : undefined;
  const route = useRoute(first ? unitPlace(first, positions) : null, place);
  const open = useMemo(() => Object.values(incidents).filter(isOpen), [incidents]);
  return (
    <section className="panel dispatch-map">
      <OpsMap view={view} positionsAge={age}>
        <RouteLayer line={route?.line ?? null} proposed={proposed} />
        <Units alarms={alarms} named={new Set(named)} nowS={nowS} />
        <IncidentLayer incidents={open} chosenId={chosen?.id ?? null} onChoose={choose} />
        <EdgeTags alarms={alarms} />
      </OpsMap>
    </section>
  );
}
