import { useWord } from "@/i18n";
import type { UnitStatus } from "@/live/rows";
import { Icon } from "./Icon";
import type { IconName } from "./icons";

export const UNIT_GLYPH: Record<UnitStatus, IconName> = {
  available: "ring",
  dispatched: "target",
  acknowledged: "check",
  en_route: "arrow-go",
  delayed: "warning",
  staging: "pause",
  on_scene: "square",
  patient_contact: "cross-medical",
  transporting: "cross-medical",
  hospital: "hospital",
  cleared: "square-open",
  unmanned: "barred",
  out_of_service: "x",
  break: "pause",
  off_duty: "dash",
};

/** Statuses in which a unit cannot be sent: drawn in the grey of what is off. */
export const UNIT_OFF: ReadonlySet<UnitStatus> = new Set(["unmanned", "out_of_service", "break", "off_duty"]);

export function unitTone(status: UnitStatus): "ready" | "off" | "" {
  if (status === "available") return "ready";
  return UNIT_OFF.has(status) ? "off" : "";
}

/** Glyph and word of a unit's status; green is kept for ready. */
export function UnitState({ status }: { status: UnitStatus }) {
  const word = useWord();
  return (
    <span className={`state ${unitTone(status)}`}>
      <Icon name={UNIT_GLYPH[status] ?? "info"} />
      {word("unit_status", status)}
    </span>
  );
}
