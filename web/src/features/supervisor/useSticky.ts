/** Which row of a list the keys act on. */
import { useEffect, useRef, useState } from "react";
import { keepInTab, keptInTab } from "@/live/tab";

/**
 * The first row is chosen once; afterwards only a person's choice changes it, so that no key acts on a row that moved
 * under it. When the chosen row is gone nothing is chosen until somebody chooses; `choose(null)` lets go.
 * The choice survives a reload of the tab under the list's `name`, if the row is still there then.
 */
export function useSticky<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  name: string,
): [Row | undefined, (key: string | null) => void] {
  const [key, choose] = useState<string | null>(null);
  const first = rows[0] && keyOf(rows[0]);
  const kept = useRef(keptInTab<string>(`chosen.${name}`));
  const start = rows.some((row) => keyOf(row) === kept.current) ? (kept.current ?? first) : first;
  useEffect(() => {
    if (start !== undefined) kept.current = null;
    choose((known) => (start === undefined ? null : (known ?? start)));
  }, [start]);
  useEffect(() => {
    if (key !== null) keepInTab(`chosen.${name}`, key);
  }, [key, name]);
  return [rows.find((row) => keyOf(row) === key), choose];
}
