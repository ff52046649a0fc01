import { useMemo } from "react";
import { useT } from "@/i18n";
import { distance } from "@/i18n/format";
import { useFeedAge } from "@/live/age";
import type { Incident, Position, Unit } from "@/live/rows";
import { IncidentLayer, OpsMap, UnitLayer } from "@/map";
import { Icon } from "@/ui/Icon";
import { RouteLayer } from "../assignment/RouteLayer";
import type { LonLat, Route } from "../assignment/route";
import { nextTurn, viewOf } from "./turns";

/** The next turn from here: how far, to which side. */
function TurnCard({ route, at }: { route: Route; at: LonLat }) {
  const t = useT();
  const turn = nextTurn(route.line, at);
  if (!turn) return null;
  return (
    <p className="turn-card">
      <span className={`turn-arrow ${turn.side}`}>
        <Icon name={turn.side === "arrive" ? "target" : "arrow-right"} />
      </span>
      <span>
        <b>{t(`crew.turn.${turn.side}`, { distance: distance(Math.round(turn.metres / 10) * 10) })}</b>
        <span className="t2">{t("crew.turn.note")}</span>
      </span>
    </p>
  );
}

type Props = { incident: Incident; unit: Unit; route: Route | null; at: LonLat | null; guiding: boolean };

/** The place, the unit, the way between; while driving it follows the unit. */
export function PhoneMap({ incident, unit, route, at, guiding }: Props) {
  const t = useT();
  const { phase } = useFeedAge();
  const { lon, lat } = incident;
  const here: LonLat | null =
    at ??
    (unit.station_lon !== null && unit.station_lat !== null ? [unit.station_lon, unit.station_lat] : null);
  const place = useMemo<LonLat | null>(
    () => (typeof lon === "number" && typeof lat === "number" ? [lon, lat] : null),
    [lon, lat],
  );
  // About 110 m: the map follows in steps, so that it does not tremble.
  const step = guiding && here ? `${here[0].toFixed(3)},${here[1].toFixed(3)}` : null;
  const view = useMemo(() => {
    const [cx, cy] = step?.split(",").map(Number) ?? [];
    if (cx !== undefined && cy !== undefined) return { lon: cx, lat: cy, zoom: 14.2 };
    return place ? viewOf([place, ...(route?.line ?? [])]) : null;
  }, [step, place, route]);
  const positions = useMemo<Record<string, Position>>(
    () => (at ? { [unit.id]: [at[0], at[1], 0, null, null] } : {}),
    [at, unit.id],
  );
  const units = useMemo(() => [unit], [unit]);
  const incidents = useMemo(() => [incident], [incident]);
  return (
    <div className="phone-map">
      <OpsMap view={view}>
        <RouteLayer line={route?.line ?? null} proposed={false} />
        <UnitLayer units={units} positions={positions} />
        <IncidentLayer incidents={incidents} chosenId={incident.id} />
      </OpsMap>
      {guiding && route && here && <TurnCard route={route} at={here} />}
      {phase === "lost" && <p className="credit kept-note">{t("crew.keptMap")}</p>}
    </div>
  );
}
