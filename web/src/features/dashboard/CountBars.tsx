import { EmptyState } from "@/ui/States";
import { type Counted, topRows } from "./figures";
import { useBox } from "./useBox";

const ROW = 28;
const EDGE = 16;

type Props = {
  rows: readonly Counted[];
  /** "23 kecamatan lain" */
  others: (n: number) => string;
  empty: string;
  /** Width of the names, pixels. */
  names: number;
};

/** Counts as bars, the highest on top; what has no room is one line at the end. */
export function CountBars({ rows, others, empty, names }: Props) {
  const [ref, { height }] = useBox();
  const top = topRows(rows, Math.max(1, Math.floor((height - EDGE) / ROW)));
  const highest = Math.max(1, ...top.shown.map((row) => row.count));
  return (
    <div className="chart" ref={ref}>
      {rows.every((row) => row.count === 0) && <EmptyState title={empty} />}
      <ul className="count-bars">
        {top.shown.map(({ code, name, count }) => (
          <li key={code} style={{ gridTemplateColumns: `${names}px 1fr 44px` }}>
            <span className="ellipsis">{name}</span>
            <i style={{ width: `${(count / highest) * 100}%` }} />
            <b>{count}</b>
          </li>
        ))}
        {top.others > 0 && (
          <li style={{ gridTemplateColumns: "1fr 44px" }}>
            <span>{others(top.others)}</span>
            <b>{top.othersCount}</b>
          </li>
        )}
      </ul>
    </div>
  );
}
