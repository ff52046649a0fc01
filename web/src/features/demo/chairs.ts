/** The chairs of the demo city in their groups, and who plays each of them now. Pure. */
import type { Chair } from "@/api/demo";

/** Roles that a simulated colleague can play; the others only look on. */
const PLAYABLE: ReadonlySet<string> = new Set(["agent", "dispatcher", "agency_officer", "field_unit"]);

export type Player = "person" | "colleague" | "nobody";

export function playable(chair: Chair): boolean {
  return !chair.roles.includes("ppa_officer") && chair.roles.some((role) => PLAYABLE.has(role));
}

export function playerOf(chair: Chair): Player {
  if (chair.occupied) return "person";
  return chair.simulated && playable(chair) ? "colleague" : "nobody";
}

/** Groups of the room's own chairs, in the order in which the number keys count them. */
const ROOM = [
  { id: "operators", roles: ["agent"] },
  { id: "room", roles: ["dispatcher", "supervisor", "wall_device"] },
  { id: "view", roles: ["executive", "ministry_viewer", "ppa_officer"] },
] as const;
type RoomGroup = (typeof ROOM)[number]["id"];

export type Group<Id extends string = string> = { id: Id; chairs: Chair[] };
export type Chairs = { room: Group<RoomGroup>[]; agencies: Chair[]; crews: Group[] };

const byName = (a: Chair, b: Chair) =>
  a.display_name.localeCompare(b.display_name, "id", { numeric: true }) ||
  a.username.localeCompare(b.username);

function roomGroup(all: readonly Chair[], roles: readonly string[]): Chair[] {
  return roles.flatMap((role) => all.filter((chair) => chair.roles.includes(role)).sort(byName));
}

/** Every chair that works in the room, once; the administrator's has no screen to sit at. */
export function inGroups(all: readonly Chair[]): Chairs {
  const room = ROOM.map(({ id, roles }) => ({ id, chairs: roomGroup(all, roles) }));
  const taken = new Set(room.flatMap((group) => group.chairs));
  const rest = all.filter((chair) => !taken.has(chair)).sort(byName);
  const crews = new Map<string, Chair[]>();
  for (const chair of rest.filter((one) => one.roles.includes("field_unit"))) {
    const agency = chair.agency ?? "–";
    crews.set(agency, [...(crews.get(agency) ?? []), chair]);
  }
  return {
    room: room.filter((group) => group.chairs.length > 0),
    agencies: rest.filter((chair) => chair.roles.includes("agency_officer")),
    crews: [...crews].map(([id, chairs]) => ({ id, chairs })).sort((a, b) => a.id.localeCompare(b.id)),
  };
}

/** Crews whose name or agency holds every typed word. */
export function crewsMatching(groups: readonly Group[], words: string): Group[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (chair: Chair) => {
    const text = `${chair.display_name} ${chair.agency ?? ""}`.toLowerCase().replaceAll("_", " ");
    return wanted.every((word) => text.includes(word));
  };
  return groups
    .map((group) => ({ ...group, chairs: group.chairs.filter(fits) }))
    .filter((group) => group.chairs.length > 0);
}

/** The columns of chairs as the arrow keys walk them. */
export function columnsOf(chairs: Chairs, crews: readonly Group[]): string[][] {
  const names = (list: readonly Chair[]) => list.map((chair) => chair.username);
  return [
    names(chairs.room.flatMap((group) => group.chairs)),
    names(chairs.agencies),
    names(crews.flatMap((group) => group.chairs)),
  ].filter((column) => column.length > 0);
}

export type Step = "up" | "down" | "left" | "right";

/** The chair an arrow key goes to; the first one when none is chosen yet. */
export function neighbour(columns: readonly string[][], from: string | null, step: Step): string | null {
  const x = columns.findIndex((column) => from !== null && column.includes(from));
  const here = columns[x];
  if (!here || from === null) return columns[0]?.[0] ?? null;
  const y = here.indexOf(from);
  if (step === "up" || step === "down") return here[y + (step === "up" ? -1 : 1)] ?? from;
  const beside = columns[x + (step === "left" ? -1 : 1)];
  return beside ? (beside[Math.min(y, beside.length - 1)] ?? from) : from;
}
