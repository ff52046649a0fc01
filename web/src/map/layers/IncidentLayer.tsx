import { useT } from "@/i18n";
import { shortNumber } from "@/i18n/format";
import type { Incident } from "@/live/rows";
import { MapMark } from "../MapMark";
import { BODY, middleOf } from "../shapes";

type Props = {
  incidents: readonly Incident[];
  chosenId?: string | null;
  onChoose?: (id: string) => void;
  /** Words under a mark; by default the short number. */
  caption?: (incident: Incident) => string;
};

/**
 * Incidents by shape and colour of their priority. Those without a place for this viewer are not drawn.
 * By keyboard they are chosen from their list: a mark may be out of view.
 */
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
          tabIndex={-1}
          onClick={() => onChoose?.(id)}
        >
          <svg width="36" height="36" viewBox="-18 -18 36 36" aria-hidden="true">
            {chosen && <circle r="22" className="chosen" />}
            <path className="body" d={BODY[priority]} />
            <text y={middleOf(priority)}>{priority.slice(1)}</text>
          </svg>
          <span className="caption">{caption ? caption(incident) : shortNumber(incident.short_number)}</span>
        </button>
      </MapMark>
    );
  });
}
