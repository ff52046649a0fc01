/** The live room in the browser: one normalised store that the feed fills; screens select from it and change nothing. */
import { create } from "zustand";
import type { Change, Position, RowOf, TableName, Tables } from "./rows";
import { emptyTables, upsert } from "./upsert";

type FeedPhase = "idle" | "loading" | "live" | "lost";

type Room = {
  tables: Tables;
  positions: Record<string, Position>;
  seq: number;
  phase: FeedPhase;
  /** When the feed last said anything, by the browser's own clock (ms); 0 before the first time. */
  heardAt: number;
  /** Since when the server has been silent, by the server's clock (ms); null while it speaks. */
  lostSince: number | null;
};

export const useRoom = create<Room>()(() => ({
  tables: emptyTables(),
  positions: {},
  seq: 0,
  phase: "idle",
  heardAt: 0,
  lostSince: null,
}));

export function replaceRoom(tables: Tables, seq: number): void {
  useRoom.setState({ tables, seq });
}

export function applyChanges(changes: readonly Change[], seq: number): void {
  useRoom.setState((room) => ({ tables: upsert(room.tables, changes), seq: Math.max(room.seq, seq) }));
}

export function applyPositions(positions: Record<string, Position>): void {
  useRoom.setState((room) => ({ positions: { ...room.positions, ...positions } }));
}

/** All rows of one table, by id. */
export function useTable<T extends TableName>(table: T): Tables[T] {
  return useRoom((room) => room.tables[table]);
}

/** One row, or undefined while unknown or not ours to see. */
export function useRow<T extends TableName>(table: T, id: string | null | undefined): RowOf<T> | undefined {
  return useRoom((room) => (id ? (room.tables[table][id] as RowOf<T> | undefined) : undefined));
}
