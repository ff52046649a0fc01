/** What the desk is proposed to send: the server's ranking as rows with number keys, and what is marked of it. Pure. */
import type { Unit } from "@/live/rows";
import { UNIT_OFF } from "@/ui/UnitState";

export type ProposedUnit = {
  unit_id: string;
  /** Travel by road, seconds; null where no road reaches or none are imported. */
  eta_s: number | null;
  turnout_s: number;
  distance_m?: number | null;
  reason_code: string;
  reason_facts: Record<string, unknown>;
  suitable: boolean;
};
type ToldAgency = { agency: string; why: string; facts?: Record<string, unknown> };
export type Recommendation = { units: ProposedUnit[]; inform: ToldAgency[] };

export type ProposalRow =
  | { id: string; kind: "unit"; agency: string; proposed: ProposedUnit }
  | { id: string; kind: "agency"; agency: string; told: ToldAgency | null };

/** Number keys there are. */
const ROWS = 9;

type AgencyOf = (unitId: string) => string | undefined;

const unitRow = (agency: string, proposed: ProposedUnit): ProposalRow => ({
  id: proposed.unit_id,
  kind: "unit",
  agency,
  proposed,
});

/** The agency that was called for: a reserve's unit (PMI's ambulance for the PSC) answers for that one. */
function askedOf(agency: string, proposed: ProposedUnit): string {
  const { stands_for } = proposed.reason_facts;
  return typeof stands_for === "string" ? stands_for : agency;
}

/** The agencies that have somebody on it, and those for which a reserve went: neither needs another by itself. */
export function answeredFor(
  held: readonly { agency: string; unit_id: string | null }[],
  advice: Recommendation | null,
): Set<string> {
  const known = new Map((advice?.units ?? []).map((one) => [one.unit_id, one]));
  return new Set(
    held.flatMap(({ agency, unit_id }) => {
      const proposed = unit_id ? known.get(unit_id) : undefined;
      return proposed ? [agency, askedOf(agency, proposed)] : [agency];
    }),
  );
}

/**
 * The rows in the order of their keys: the best unit of each agency that the type calls for and was not sent yet,
 * then the next best, then whom to tell. `added` are those that a person put in by name; they come first of all.
 */
export function proposalRows(
  advice: Recommendation,
  agencyOf: AgencyOf,
  sent: ReadonlySet<string>,
  called: readonly string[],
  added: readonly ProposalRow[] = [],
): ProposalRow[] {
  const taken = new Set(added.map((row) => row.id));
  const fitting = advice.units.filter((one) => one.suitable && !taken.has(one.unit_id));
  const seen = new Set(sent);
  const best: ProposalRow[] = [];
  const next: ProposalRow[] = [];
  for (const proposed of fitting) {
    const agency = agencyOf(proposed.unit_id);
    if (!agency) continue;
    const asked = askedOf(agency, proposed);
    (seen.has(asked) || !called.includes(asked) ? next : best).push(unitRow(agency, proposed));
    seen.add(asked);
  }
  const told: ProposalRow[] = advice.inform
    .filter((one) => !taken.has(one.agency) && !sent.has(one.agency))
    .map((one) => ({ id: one.agency, kind: "agency", agency: one.agency, told: one }));
  const room = Math.max(0, ROWS - added.length - best.length - told.length);
  return [...added, ...best, ...next.slice(0, room), ...told].slice(0, ROWS);
}

/** What is marked before anybody touches it: the best of each agency that this type calls for, and all that are told. */
export function markedAtFirst(
  rows: readonly ProposalRow[],
  sent: ReadonlySet<string>,
  called: readonly string[],
): Set<string> {
  const asked = new Set(sent);
  const marked = new Set<string>();
  for (const row of rows) {
    if (row.kind === "unit") {
      const agency = askedOf(row.agency, row.proposed);
      if (asked.has(agency) || !called.includes(agency)) continue;
      asked.add(agency);
    }
    marked.add(row.id);
  }
  return marked;
}

export type Order = { agency: string; unit_id?: string; role: "lead" | "assist" | "inform" };

/** The body of one dispatch. The type's first agency leads; those that are only told are told. */
export function ordersOf(
  rows: readonly ProposalRow[],
  marked: ReadonlySet<string>,
  lead: string | undefined,
): Order[] {
  return rows
    .filter((row) => marked.has(row.id))
    .map((row) => {
      if (row.kind === "unit") {
        const leads = askedOf(row.agency, row.proposed) === lead;
        return { agency: row.agency, unit_id: row.id, role: leads ? "lead" : "assist" };
      }
      if (row.told) return { agency: row.agency, role: row.agency === lead ? "lead" : "inform" };
      return { agency: row.agency, role: row.agency === lead ? "lead" : "assist" };
    });
}

/**
 * Everybody who is free and could go instead of a unit: its own kind first, then what the type calls for, then the
 * others by call sign. `etaS` is travel by road, null where the server was not asked.
 */
export function insteadOf(
  kind: string | undefined,
  advice: Recommendation | null,
  units: readonly Unit[],
): { unit: Unit; etaS: number | null }[] {
  const place = new Map((advice?.units ?? []).map((one, n) => [one.unit_id, { n, one }]));
  return units
    .filter((unit) => unit.active && !unit.assignment_id && !UNIT_OFF.has(unit.status))
    .filter((unit) => place.get(unit.id)?.one.suitable !== false)
    .map((unit) => ({ unit, n: place.get(unit.id)?.n ?? Number.POSITIVE_INFINITY }))
    .sort(
      (a, b) =>
        Number(b.unit.type === kind) - Number(a.unit.type === kind) ||
        Number(a.n > b.n) - Number(a.n < b.n) ||
        a.unit.code.localeCompare(b.unit.code),
    )
    .map(({ unit }) => ({ unit, etaS: place.get(unit.id)?.one.eta_s ?? null }));
}

/** The best suitable unit other than one: for a replacement and after a lost race. */
export function nextBest(
  advice: Recommendation,
  agencyOf: AgencyOf,
  instead: { unitId: string | null; agency: string },
): ProposedUnit | undefined {
  const fitting = advice.units.filter((one) => one.suitable && one.unit_id !== instead.unitId);
  return fitting.find((one) => agencyOf(one.unit_id) === instead.agency) ?? fitting[0];
}
