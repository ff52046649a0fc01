/** What the desk is proposed to send: the server's ranking as rows with number keys, and what is marked of it. Pure. */

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
export type ToldAgency = { agency: string; why: string; facts?: Record<string, unknown> };
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
    (seen.has(agency) || !called.includes(agency) ? next : best).push(unitRow(agency, proposed));
    seen.add(agency);
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
    if (row.kind === "unit" && (asked.has(row.agency) || !called.includes(row.agency))) continue;
    if (row.kind === "unit") asked.add(row.agency);
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
        return { agency: row.agency, unit_id: row.id, role: row.agency === lead ? "lead" : "assist" };
      }
      if (row.told) return { agency: row.agency, role: row.agency === lead ? "lead" : "inform" };
      return { agency: row.agency, role: row.agency === lead ? "lead" : "assist" };
    });
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
