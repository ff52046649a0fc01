import { useT, useWord } from "@/i18n";
import type { Position, Unit } from "@/live/rows";
import { Icon } from "@/ui/Icon";
import { UNIT_GLYPH, unitTone } from "@/ui/UnitState";
import { MapMark } from "../MapMark";

type Props = {
  units: readonly Unit[];
  positions: Record<string, Position>;
  /** Units whose assignment is late or escalated: the only filled tags. */
  alarms?: Readonly<Record<string, "late" | "escalated">>;
  chosenId?: string | null;
  onChoose?: (id: string) => void;
  /** Units whose last position is older than this are drawn dashed, seconds. */
  oldAfterS?: number;
  nowS?: number;
};

/** Where a unit is: its last position, else its station. */
export function unitPlace(unit: Unit, positions: Record<string, Position>): [number, number] | null {
  const seen = positions[unit.id];
  if (seen) return [seen[0], seen[1]];
  if (unit.station_lon === null || unit.station_lat === null) return null;
  return [unit.station_lon, unit.station_lat];
}

/** Units as tags with the glyph of their status. By keyboard they are chosen from their list: a mark may be out of view. */
export function UnitLayer({
  units,
  positions,
  alarms = {},
  chosenId,
  onChoose,
  oldAfterS = 120,
  nowS,
}: Props) {
  const t = useT();
  const word = useWord();
  return units.map((unit) => {
    const place = unitPlace(unit, positions);
    if (!place) return null;
    const seenAt = positions[unit.id]?.[2];
    const old = nowS !== undefined && seenAt !== undefined && nowS - seenAt > oldAfterS;
    const tone = alarms[unit.id] ?? unitTone(unit.status);
    return (
      <MapMark key={unit.id} lon={place[0]} lat={place[1]} above={unit.id === chosenId}>
        <button
          type="button"
          className={`unit-tag ${tone}${old ? " old" : ""}${unit.id === chosenId ? " chosen" : ""}`}
          aria-label={t("map.unit", { code: unit.code, status: word("unit_status", unit.status) })}
          tabIndex={-1}
          onClick={() => onChoose?.(unit.id)}
        >
          <Icon name={UNIT_GLYPH[unit.status] ?? "info"} />
          {unit.code}
        </button>
      </MapMark>
    );
  });
}
