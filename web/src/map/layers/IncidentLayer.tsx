import { useT } from "@/i18n";
import { shortNumber } from "@/i18n/format";
import type { Incident, Priority } from "@/live/rows";
import { MapMark } from "../MapMark";

const BODY: Record<Priority, string> = {
  P1: "M-6-14H6L14-6V6L6 14H-6L-14 6V-6z",
  P2: "M0-16 16 12H-16z",
  P3: "M0-13a13 13 0 1 0 0 26a13 13 0 1 0 0-26z",
  P4: "M-14-9H14V9H-14z",
};

type Props = {
  incidents: readonly Incident[];
  chosenId?: string | null;
  onChoose?: (id: string) => void;
  /** Words under a mark; by default the short number. */
  caption?: (incident: Incident) => string;
};

/** Incidents by shape and colour of their priority. Those without a place for this viewer are not drawn. */
export function IncidentLayer({ incidents, chosenId, onChoose, caption }: Props) {
  const t = useT();
  return incidents.map((incident) => {
    const { id, lon, lat, priority } = incident;
    if (lon === null || lon === undefined || lat === null || lat === undefined) return null;
    const chosen = id === chosenId;
    return (
      <MapMark key={id} lon={lon} lat={lat} dy={8} above={chosen}>
        <button
          type="button"
          className={`map-shape ${priority}`}
          aria-label={t("map.incident", { number: shortNumber(incident.short_number) })}
          aria-pressed={chosen}
          onClick={() => onChoose?.(id)}
        >
          <svg width="36" height="36" viewBox="-18 -18 36 36" aria-hidden="true">
            {chosen && <circle r="22" className="chosen" />}
            <path className="body" d={BODY[priority]} />
            <text y={priority === "P2" ? 4 : 1}>{priority.slice(1)}</text>
          </svg>
          <span className="caption">{caption ? caption(incident) : shortNumber(incident.short_number)}</span>
        </button>
      </MapMark>
    );
  });
}
