import { useT } from "@/i18n";
import { number } from "@/i18n/format";
import { EmptyState } from "@/ui/States";
import { clockText, histogram, LEAST_N, type Measure } from "./figures";
import { useBox } from "./useBox";

const SIDE = 16;
const TOP = 12;
/** The words beside the target line stand above the bars. */
const WORDS = 44;
const FOOT = 46;

/** How long the first help took, minute by minute; beyond the target in yellow. */
export function ResponseChart({ minutes, all }: { minutes: readonly number[]; all: Measure }) {
  const t = useT();
  const [ref, { width, height }] = useBox();
  const { bins, n, lateShare, highest } = histogram(minutes, all.target_s);
  const wide = (width - 2 * SIDE) / Math.max(1, bins.length);
  const base = height - FOOT;
  const first = bins[0]?.minute ?? 0;
  const xOf = (minute: number) => SIDE + (minute - first) * wide;
  const target = xOf(all.target_s / 60);
  const side = target + 120 > width ? ({ x: target - 8, textAnchor: "end" } as const) : { x: target + 8 };
  return (
    <div className="chart" ref={ref}>
      {n < LEAST_N && <EmptyState title={t("dashboard.tooFew")} fact={t("dashboard.tooFewFact", { n })} />}
      {width > 0 && n >= LEAST_N && (
        <svg width={width} height={height} role="img" aria-label={t("dashboard.spread.label", { n })}>
          {bins.map(({ minute, count, late }) => {
            const high = ((base - TOP - WORDS) * count) / highest;
            return (
              <rect
                key={minute}
                className={late ? "late" : "b"}
                x={xOf(minute) + 1}
                y={base - high}
                width={Math.max(1, wide - 2)}
                height={high}
              />
            );
          })}
          <line className="grid" x1={SIDE} x2={width - SIDE} y1={base + 0.5} y2={base + 0.5} />
          <line className="target" x1={target} x2={target} y1={TOP} y2={base + 6} />
          <text className="h" {...side} y={TOP + 12}>
            {t("dashboard.targetMin", { n: all.target_s / 60 })}
          </text>
          <text className="late-word" {...side} y={TOP + 30}>
            {lateShare !== null && t("dashboard.lateShare", { share: number(lateShare * 100) })}
          </text>
          {bins
            .filter(({ minute }) => minute % 5 === 0 && minute > first)
            .map(({ minute }) => (
              <text key={minute} className="s" x={xOf(minute)} y={base + 19} textAnchor="middle">
                {minute}
              </text>
            ))}
          <text className="s" x={SIDE + 4} y={height - 10}>
            {t("dashboard.spread.foot", {
              median: clockText(all.median_s, t("dashboard.s")),
              p90: clockText(all.p90_s, t("dashboard.s")),
              n,
            })}
          </text>
        </svg>
      )}
    </div>
  );
}
