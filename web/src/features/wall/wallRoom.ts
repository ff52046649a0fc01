/** What the wall says about the room: four numbers and the rows nearest to their limit. Pure. */
import type { Assignment, Call, Incident, Priority, Seat, Tables } from "@/live/rows";
import type { ClockPolicy } from "../assignment/clocks";
import { alarmsAt } from "../dispatch/alarms";
import { type BoardRow, boardAt, inOrder } from "../dispatch/board";

const WAITING: ReadonlySet<string> = new Set(["offered", "queued", "alerting"]);

export type WallRow = {
  row: BoardRow;
  /** The job that is late, whose agency the wall names; null where nobody has been sent or nothing is late. */
  late: Assignment | null;
};

export type WallRoom = {
  waiting: number;
  /** When the caller who waits longest rang (ISO). */
  waitingSince: string | null;
  seatsReady: number;
  seatsManned: number;
  open: number;
  p1: number;
  late: number;
  closedToday: number;
  rows: WallRow[];
};

/** Calls that nobody has answered yet, the longest wait first. */
export function waitingCalls(calls: Tables["call"]): Call[] {
  return Object.values(calls)
    .filter((call) => WAITING.has(call.state))
    .sort((a, b) => a.offered_at.localeCompare(b.offered_at));
}

function manned(seat: Seat): boolean {
  return seat.state !== "signed_out";
}

export function wallAt(tables: Tables, policy: ClockPolicy, nowS: number): WallRoom {
  const board = boardAt(tables, policy, nowS);
  const waiting = waitingCalls(tables.call);
  const seats = Object.values(tables.seat).filter(manned);
  const lateJob = new Map<string, Assignment | null>();
  for (const alarm of alarmsAt(tables, policy, nowS)) {
    if (!lateJob.has(alarm.incident.id)) lateJob.set(alarm.incident.id, alarm.assignment);
  }
  return {
    waiting: waiting.length,
    waitingSince: waiting[0]?.offered_at ?? null,
    seatsReady: seats.filter((seat) => seat.state === "ready").length,
    seatsManned: seats.length,
    open: board.open,
    p1: board.p1,
    late: board.groups.find((group) => group.id === "late")?.rows.length ?? 0,
    closedToday: board.closedToday,
    rows: inOrder(board).map((row) => ({ row, late: lateJob.get(row.incident.id) ?? null })),
  };
}

export type PlaceGroup = { code: string | null; incidents: Incident[]; worst: Priority };

/** Open incidents by kecamatan, the most urgent kecamatan first; those outside the regency share one group. */
export function byKecamatan(incidents: readonly Incident[]): PlaceGroup[] {
  const groups = new Map<string | null, Incident[]>();
  for (const incident of incidents) {
    const code = incident.kecamatan_code ?? null;
    groups.set(code, [...(groups.get(code) ?? []), incident]);
  }
  return [...groups]
    .map(([code, found]) => {
      const sorted = found.toSorted((a, b) => a.priority.localeCompare(b.priority));
      return { code, incidents: sorted, worst: sorted[0]?.priority ?? "P4" };
    })
    .sort((a, b) => a.worst.localeCompare(b.worst) || b.incidents.length - a.incidents.length);
}
