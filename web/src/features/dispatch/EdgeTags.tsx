import { useEffect, useState } from "react";
import { useT } from "@/i18n";
import { shortNumber } from "@/i18n/format";
import { useSecond } from "@/live/clock";
import { useMap } from "@/map/context";
import { clockFace } from "@/ui/clockStage";
import { Icon } from "@/ui/Icon";
import type { DeskAlarm } from "./alarms";
import { choose } from "./desk";
import { type Side, sideOf } from "./mapUnits";

/** The worst ones only: the tags must not become the map. */
const SHOWN_TAGS = 3;

type Frame = { west: number; south: number; east: number; north: number };

function useFrame(): Frame | null {
  const map = useMap();
  const [frame, setFrame] = useState<Frame | null>(null);
  useEffect(() => {
    if (!map) return;
    const look = () => {
      const box = map.getBounds();
      setFrame({ west: box.getWest(), south: box.getSouth(), east: box.getEast(), north: box.getNorth() });
    };
    look();
    map.on("moveend", look);
    map.on("resize", look);
    return () => {
      map.off("moveend", look);
      map.off("resize", look);
    };
  }, [map]);
  return frame;
}

function overBy(alarm: DeskAlarm, nowS: number): string {
  return clockFace(Date.parse(alarm.clock.from), alarm.clock.limitS ?? 0, nowS).text;
}

/** Late things outside the view of the map: "0036 +1:05 di selatan". A click brings them in. */
export function EdgeTags({ alarms }: { alarms: readonly DeskAlarm[] }) {
  const t = useT();
  const nowS = useSecond();
  const frame = useFrame();
  if (!frame) return null;
  const seen = new Set<string>();
  const outside: { alarm: DeskAlarm; side: Side }[] = [];
  for (const alarm of alarms) {
    const { id, lon, lat } = alarm.incident;
    if (seen.has(id) || lon === null || lon === undefined || lat === null || lat === undefined) continue;
    seen.add(id);
    const side = sideOf([lon, lat], frame);
    if (side) outside.push({ alarm, side });
  }
  return (
    <div className="edge-tags">
      {outside.slice(0, SHOWN_TAGS).map(({ alarm, side }) => (
        <button
          key={alarm.incident.id}
          type="button"
          className={`edge-tag level-${alarm.level}`}
          onClick={() => choose(alarm.incident.id)}
        >
          <Icon name={alarm.level === 1 ? "bell" : "clock"} />
          {t(`dispatch.edge.${side}`, {
            number: shortNumber(alarm.incident.short_number),
            over: overBy(alarm, nowS),
          })}
        </button>
      ))}
      {outside.length > SHOWN_TAGS && (
        <span className="edge-more">{t("dispatch.edge.more", { n: outside.length - SHOWN_TAGS })}</span>
      )}
    </div>
  );
}
