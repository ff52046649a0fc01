/** Which row of a list the keys act on. */
import { useEffect, useState } from "react";

/**
 * The first row is chosen once; afterwards only a person's choice changes it, so that no key acts on a row that moved
 * under it. When the chosen row is gone nothing is chosen until somebody chooses; `choose(null)` lets go.
 */
export function useSticky<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): [Row | undefined, (key: string | null) => void] {
  const [key, choose] = useState<string | null>(null);
  const first = rows[0] && keyOf(rows[0]);
  useEffect(() => {
    choose((known) => (first === undefined ? null : (known ?? first)));
  }, [first]);
  return [rows.find((row) => keyOf(row) === key), choose];
}
