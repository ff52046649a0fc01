/** The desk's data: the live room as board, alarms and units, once a second. */
import { useEffect, useMemo, useRef } from "react";
import { useCatalogue } from "@/api/catalogue";
import { useSecond } from "@/live/clock";
import { useRoom } from "@/live/room";
import type { Incident } from "@/live/rows";
import { alarmsAt, type DeskAlarm } from "./alarms";
import { type Board, boardAt, inOrder, keepPlaces } from "./board";
import { choose, chosenBefore, useDesk } from "./desk";
import { type UnitCounts, type UnitGroup, unitGroups } from "./units";

export type DeskData = {
  board: Board;
  alarms: DeskAlarm[];
  units: { groups: UnitGroup[]; counts: UnitCounts };
  chosen: Incident | null;
  nowS: number;
};

const isOver = (incident: Incident | undefined) =>
  !incident || incident.state === "closed" || incident.state === "cancelled";

function letGo(id: string): void {
  if (useDesk.getState().chosenId === id) choose(null);
}

/** Null while the room or its catalogue is not here yet. `held`: a key or the pointer is on the list. */
export function useBoard(held: boolean): DeskData | null {
  const nowS = useSecond();
  const catalogue = useCatalogue();
  const tables = useRoom((room) => room.tables);
  const loading = useRoom((room) => room.seq === 0 && room.phase !== "live");
  const { filter, chosenId } = useDesk();
  const before = useRef<Board | null>(null);
  const data = useMemo(() => {
    if (!catalogue || loading) return null;
    const policy = catalogue.clocks;
    return {
      board: boardAt(tables, policy, nowS, filter),
      alarms: alarmsAt(tables, policy, nowS),
      units: unitGroups(tables, catalogue.incident_types, policy, nowS),
    };
  }, [catalogue, loading, tables, nowS, filter]);
  const first = data ? inOrder(data.board)[0]?.incident.id : undefined;
  useEffect(() => {
    // Once only: what the keys act on must never change by itself.
    if (!chosenId && first) choose(first);
  }, [chosenId, first]);
  const loaded = data !== null;
  useEffect(() => {
    const { incident } = useRoom.getState().tables;
    // What was in hand before a reload and is over by now does not come back.
    if (loaded && chosenBefore && isOver(incident[chosenBefore])) letGo(chosenBefore);
  }, [loaded]);
  if (!data) return null;
  const board = held && before.current ? keepPlaces(data.board, before.current) : data.board;
  before.current = board;
  const chosen = (chosenId && tables.incident[chosenId]) || null;
  return { ...data, board, chosen, nowS };
}
