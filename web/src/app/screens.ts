/** The screens of the room: path, who may open it, where its code lives. A screen is `features/<feature>/Screen.tsx`. */
import type { ComponentType } from "react";

type ScreenName =
  | "panggilan"
  | "dispatch"
  | "opd"
  | "lapangan"
  | "layar"
  | "dasbor"
  | "laporan"
  | "supervisor"
  | "demo";

export type ScreenSpec = {
  name: ScreenName;
  feature: string;
  /** One of these permissions opens it; null is open to everybody. */
  permission: string | null;
  /** Roles named to a person who may not. */
  roles: string[];
};

export const SCREENS: readonly ScreenSpec[] = [
  { name: "panggilan", feature: "intake", permission: "call.take", roles: ["agent", "supervisor"] },
  {
    name: "dispatch",
    feature: "dispatch",
    permission: "assignment.send",
    roles: ["dispatcher", "supervisor"],
  },
  { name: "opd", feature: "agency", permission: "assignment.act_agency", roles: ["agency_officer"] },
  { name: "lapangan", feature: "crew", permission: "assignment.act_unit", roles: ["field_unit"] },
  { name: "layar", feature: "wall", permission: "wall.view", roles: ["wall_device"] },
  { name: "dasbor", feature: "dashboard", permission: "dashboard.read", roles: ["executive", "supervisor"] },
  {
    name: "laporan",
    feature: "reports",
    permission: "report.read",
    roles: ["supervisor", "ministry_viewer"],
  },
  { name: "supervisor", feature: "supervisor", permission: "alarm.acknowledge", roles: ["supervisor"] },
  { name: "demo", feature: "demo", permission: null, roles: [] },
];

const CODE = import.meta.glob<{ default: ComponentType }>("../features/*/Screen.tsx");

/** Loads a screen's code; undefined when this build has none. */
export function codeOf(spec: ScreenSpec): (() => Promise<{ default: ComponentType }>) | undefined {
  return CODE[`../features/${spec.feature}/Screen.tsx`];
}
