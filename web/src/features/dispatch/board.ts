/** The dispatch list: the store's tables as grouped rows, each with its one clock. Pure. */
import { wibDay } from "@/i18n/format";
import type { Assignment, Incident, Tables } from "@/live/rows";
import type { ClockStage } from "@/ui/clockStage";
import { type ClockPolicy, incidentClock, isLive, type JobClock, leftS, stageOf } from "../assignment/clocks";

export type BoardRow = {
  incident: Incident;
  /** What was sent, in the order it was sent; ended tries last. */
  assignments: Assignment[];
  /** How many calls are about it. */
  calls: number;
  clock: JobClock;
  stage: ClockStage;
};

type GroupId = "late" | "open" | "close";
export type BoardGroup = { id: GroupId; rows: BoardRow[] };
export type Filter = "all" | "P1";

export type Board = { groups: BoardGroup[]; open: number; p1: number; closedToday: number };

const ENDED: ReadonlySet<string> = new Set(["closed", "cancelled"]);

export function isOpen(incident: Incident): boolean {
  return !ENDED.has(incident.state);
}

/** Assignments by incident, the live ones first, then in the order they were sent. */
export function byIncident(assignments: Tables["assignment"]): Map<string, Assignment[]> {
  const found = new Map<string, Assignment[]>();
  for (const one of Object.values(assignments)) {
    const list = found.get(one.incident_id);
    if (list) list.push(one);
    else found.set(one.incident_id, [one]);
  }
  for (const list of found.values()) {
    list.sort((a, b) => Number(isLive(b)) - Number(isLive(a)) || a.sent_at.localeCompare(b.sent_at));
  }
  return found;
}

function groupOf(row: BoardRow): GroupId {
  if (row.stage === "late" || row.stage === "escalated") return "late";
  return row.clock.wait === "close" ? "close" : "open";
}

/** Nearest limit first; without a limit by urgency, then the oldest. */
function byLimit(nowS: number) {
  return (a: BoardRow, b: BoardRow): number => {
    const left = leftS(a.clock, nowS) - leftS(b.clock, nowS);
    if (!Number.isNaN(left) && left !== 0) return left;
    return a.incident.priority.localeCompare(b.incident.priority) || a.clock.from.localeCompare(b.clock.from);
  };
}

/** Escalated before late, then the longest over. */
function byLateness(nowS: number) {
  const near = byLimit(nowS);
  return (a: BoardRow, b: BoardRow): number =>
    Number(b.stage === "escalated") - Number(a.stage === "escalated") || near(a, b);
}

function rowOf(
  incident: Incident,
  assignments: Assignment[],
  calls: number,
  tables: Tables,
  policy: ClockPolicy,
  nowS: number,
): BoardRow {
  const call = incident.first_call_id ? tables.call[incident.first_call_id] : undefined;
  const clock = incidentClock({ incident, assignments, agencies: tables.agency, call }, policy, nowS);
  return { incident, assignments, calls, clock, stage: stageOf(clock, nowS) };
}

function callCounts(calls: Tables["call"]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const call of Object.values(calls)) {
    if (call.incident_id) counts.set(call.incident_id, (counts.get(call.incident_id) ?? 0) + 1);
  }
  return counts;
}

/** The list as it stands at server second `nowS`. */
export function boardAt(tables: Tables, policy: ClockPolicy, nowS: number, filter: Filter = "all"): Board {
  const sent = byIncident(tables.assignment);
  const counts = callCounts(tables.call);
  const today = wibDay(nowS * 1000);
  const all = Object.values(tables.incident);
  const open = all.filter(isOpen);
  const rows = open
    .filter((incident) => filter === "all" || incident.priority === filter)
    .map((incident) =>
      rowOf(incident, sent.get(incident.id) ?? [], counts.get(incident.id) ?? 0, tables, policy, nowS),
    );
  const groups: BoardGroup[] = (["late", "open", "close"] as const).map((id) => ({
    id,
    rows: rows.filter((row) => groupOf(row) === id).sort(id === "late" ? byLateness(nowS) : byLimit(nowS)),
  }));
  return {
    groups: groups.filter((group) => group.rows.length > 0),
    open: open.length,
    p1: open.filter((incident) => incident.priority === "P1").length,
    closedToday: all.filter((one) => one.closed_at && wibDay(one.closed_at) === today).length,
  };
}

/** All rows from top to bottom, as the arrow keys walk them. */
export function inOrder(board: Board): BoardRow[] {
  return board.groups.flatMap((group) => group.rows);
}

/**
 * The board with the rows of each group kept where they stood; new ones go to the end of their group. For as long as
 * a key or the pointer is on the list nothing may move under it.
 */
export function keepPlaces(board: Board, before: Board): Board {
  const place = new Map(inOrder(before).map((row, index) => [row.incident.id, index]));
  const at = (row: BoardRow) => place.get(row.incident.id) ?? Number.MAX_SAFE_INTEGER;
  return {
    ...board,
    groups: board.groups.map((group) => ({
      ...group,
      rows: group.rows
        .map((row, index) => ({ row, index }))
        .sort((a, b) => at(a.row) - at(b.row) || a.index - b.index)
        .map(({ row }) => row),
    })),
  };
}
