import { useT } from "@/i18n";
import type { Priority } from "@/live/rows";
import { MapMark } from "../MapMark";
import { BODY, middleOf } from "../shapes";

type Props = { lon: number; lat: number; priority?: Priority | null };

/** The place the person has chosen: a ring with the priority in it; it never hides an evidence circle. */
export function PinLayer({ lon, lat, priority }: Props) {
  const t = useT();
  return (
    <MapMark lon={lon} lat={lat} above>
      <span className={`map-shape passive ${priority ?? ""}`} role="img" aria-label={t("map.pin")}>
        <svg width="48" height="48" viewBox="-24 -24 48 48" aria-hidden="true">
          <circle r="21" className="chosen" />
          {priority ? (
            <>
              <path className="body" d={BODY[priority]} />
              <text y={middleOf(priority)}>{priority.slice(1)}</text>
            </>
          ) : (
            <path d="M-8 0H8M0-8V8" style={{ stroke: "var(--m-route)" }} fill="none" />
          )}
        </svg>
      </span>
    </MapMark>
  );
}
