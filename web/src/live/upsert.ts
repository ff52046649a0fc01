/** The one fold of the room: snapshot and stream, live and replay, go through `upsert`. Pure. */
import type { Change, TableName, Tables } from "./rows";

export function emptyTables(): Tables {
  return {
    agency: {},
    unit: {},
    incident: {},
    assignment: {},
    call: {},
    callback: {},
    seat: {},
    account: {},
  };
}

/**
 * Folds changes into the tables and returns new ones; tables that did not change keep their identity.
 * A row is kept only when its rev is not older than ours (the same rev comes again when who may see it changed);
 * `row: null` removes. Tables this build does not know are kept too, so that a newer server loses nothing.
 */
export function upsert(tables: Tables, changes: readonly Change[]): Tables {
  const next: Record<string, Record<string, { rev: number }>> = { ...tables };
  const fresh = new Set<string>();
  const writable = (table: string) => {
    if (!fresh.has(table)) {
      next[table] = { ...next[table] };
      fresh.add(table);
    }
    return next[table] as Record<string, { rev: number }>;
  };
  for (const { table, id, rev, row } of changes) {
    const known = next[table]?.[id];
    // A row that is taken from this viewer comes without a rev: the stream is in order, so that is the news.
    if (rev !== null && known && known.rev > rev) continue;
    if (row === null) {
      if (known) delete writable(table)[id];
    } else {
      writable(table)[id] = { ...row, id, rev } as { rev: number };
    }
  }
  return next as unknown as Tables;
}

/** A snapshot as the server sends it, with every table we select from present. */
export function fromSnapshot(tables: Partial<Record<TableName, Record<string, unknown>>>): Tables {
  return { ...emptyTables(), ...tables } as Tables;
}
