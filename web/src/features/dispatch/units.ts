/** Units of the room by agency, with what each is doing and for how long. Pure. */
import type { IncidentTypeInfo } from "@/api/catalogue";
import { duration } from "@/i18n/format";
import type { Agency, Assignment, Incident, Tables, Unit } from "@/live/rows";
import type { ClockStage } from "@/ui/clockStage";
import { UNIT_OFF } from "@/ui/UnitState";
import { assignmentClock, type ClockPolicy, type JobClock, stageOf } from "../assignment/clocks";

export type UnitRow = {
  unit: Unit;
  assignment: Assignment | null;
  incident: Incident | null;
  clock: JobClock | null;
  stage: ClockStage;
  /** Seconds it still needs by what was promised, negative when over; null where nothing was. */
  etaS: number | null;
};

export type UnitGroup = { agencies: Agency[]; rows: UnitRow[]; ready: number; total: number };
export type UnitCounts = { ready: number; busy: number; off: number };

/** Agencies with fewer units than this stand together under one head. */
const OWN_HEAD_FROM = 4;
const TOGETHER = 3;

/** Seconds until arrival by the promise made at sending, counted from departure; negative when it is over. */
export function etaLeftS(assignment: Assignment, nowS: number): number | null {
  if (assignment.eta_s === null || assignment.state === "arrived") return null;
  if (!assignment.departed_at) return assignment.eta_s;
  const gone = nowS - Math.floor(Date.parse(assignment.departed_at) / 1000);
  return assignment.eta_s - gone;
}

function rowOf(unit: Unit, tables: Tables, policy: ClockPolicy, nowS: number): UnitRow {
  const assignment = unit.assignment_id ? (tables.assignment[unit.assignment_id] ?? null) : null;
  const incident = assignment ? (tables.incident[assignment.incident_id] ?? null) : null;
  const clock =
    assignment && incident
      ? assignmentClock(assignment, incident.priority, policy, tables.agency[unit.agency])
      : null;
  const etaS = assignment ? etaLeftS(assignment, nowS) : null;
  return { unit, assignment, incident, clock, stage: clock ? stageOf(clock, nowS) : "normal", etaS };
}

function rank(row: UnitRow): number {
  if (row.stage === "escalated") return 0;
  if (row.stage === "late") return 1;
  if (row.unit.assignment_id) return 2;
  return UNIT_OFF.has(row.unit.status) ? 4 : 3;
}

/**
 * The order in which a room thinks of its agencies: for each family of types the one that leads most of them, in the
 * catalogue's order (medical, fire, …), then the others by how much they lead.
 */
function places(types: readonly IncidentTypeInfo[]): Map<string, number> {
  const led = new Map<string, number>();
  const families = new Map<string, Map<string, number>>();
  for (const { agencies, category } of types) {
    const lead = agencies[0];
    if (!lead) continue;
    led.set(lead, (led.get(lead) ?? 0) + 1);
    const family = families.get(category) ?? new Map<string, number>();
    families.set(category, family.set(lead, (family.get(lead) ?? 0) + 1));
  }
  const most = (counts: Map<string, number>) => [...counts].sort((a, b) => b[1] - a[1]).map(([id]) => id);
  const order = [...families.values()].flatMap((family) => most(family).slice(0, 1));
  const rest = most(led);
  return new Map([...new Set([...order, ...rest])].map((id, place) => [id, place]));
}

function together(groups: UnitGroup[]): UnitGroup[] {
  const merged: UnitGroup[] = [];
  for (let first = 0; first < groups.length; first += TOGETHER) {
    const some = groups.slice(first, first + TOGETHER);
    merged.push({
      agencies: some.flatMap((group) => group.agencies),
      rows: some.flatMap((group) => group.rows),
      ready: some.reduce((sum, group) => sum + group.ready, 0),
      total: some.reduce((sum, group) => sum + group.total, 0),
    });
  }
  return merged;
}

export function unitGroups(
  tables: Tables,
  types: readonly IncidentTypeInfo[],
  policy: ClockPolicy,
  nowS: number,
): { groups: UnitGroup[]; counts: UnitCounts } {
  const rows = Object.values(tables.unit)
    .filter((unit) => unit.active)
    .map((unit) => rowOf(unit, tables, policy, nowS))
    .sort((a, b) => rank(a) - rank(b) || a.unit.code.localeCompare(b.unit.code));
  const place = places(types);
  const groups = Object.values(tables.agency)
    .map((agency) => {
      const own = rows.filter((row) => row.unit.agency === agency.id);
      const ready = own.filter((row) => row.unit.status === "available").length;
      return { agencies: [agency], rows: own, ready, total: own.length };
    })
    .filter((group) => group.total > 0)
    .sort((a, b) => {
      const [first, second] = [a.agencies[0]?.id ?? "", b.agencies[0]?.id ?? ""];
      return (place.get(first) ?? 999) - (place.get(second) ?? 999) || first.localeCompare(second);
    });
  const large = groups.filter((group) => group.total >= OWN_HEAD_FROM);
  const small = groups.filter((group) => group.total < OWN_HEAD_FROM);
  const counts = {
    ready: rows.filter((row) => row.unit.status === "available").length,
    busy: rows.filter((row) => row.unit.assignment_id).length,
    off: rows.filter((row) => UNIT_OFF.has(row.unit.status)).length,
  };
  return { groups: [...large, ...together(small)], counts };
}

/** "3 mnt", or "+2 mnt" over what was promised. */
export function etaWords(etaS: number): string {
  return etaS < 0 ? `+${duration(-etaS)}` : duration(etaS);
}
