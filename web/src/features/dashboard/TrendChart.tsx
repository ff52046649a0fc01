import { useT } from "@/i18n";
import { dayMonth } from "@/i18n/format";
import { type DayCounts, niceTop, spread } from "./figures";
import { useBox } from "./useBox";

const LEFT = 38;
const RIGHT = 92;
const TOP = 20;
const FOOT = 34;
const LINES = ["ghost", "prank", "normal"] as const;

/** Ghost, prank and real calls by day: told apart by their dashes and by the word at their end. */
export function TrendChart({ days }: { days: readonly DayCounts[] }) {
  const t = useT();
  const [ref, { width, height }] = useBox();
  const top = niceTop(Math.max(...days.flatMap((day) => LINES.map((line) => day[line]))));
  const base = height - FOOT;
  const x = (at: number) => LEFT + ((width - LEFT - RIGHT) * at) / Math.max(1, days.length - 1);
  const y = (count: number) => base - ((base - TOP) * count) / top;
  const last = days.at(-1);
  const ends = spread(
    LINES.map((line) => y(last?.[line] ?? 0)),
    18,
    TOP,
    base,
  );
  return (
    <div className="chart" ref={ref}>
      {width > 0 && last && (
        <svg width={width} height={height} role="img" aria-label={t("dashboard.trend.label")}>
          {[0, top / 2, top].map((count) => (
            <g key={count}>
              <line className="grid" x1={LEFT} x2={width - RIGHT} y1={y(count)} y2={y(count)} />
              <text className="s" x={LEFT - 8} y={y(count) + 4} textAnchor="end">
                {count}
              </text>
            </g>
          ))}
          {LINES.map((line, at) => (
            <g key={line}>
              <polyline
                className={`trend ${line}`}
                points={days.map((day, n) => `${x(n)},${y(day[line])}`).join(" ")}
              />
              <text className="h" x={width - RIGHT + 8} y={(ends[at] ?? 0) + 4}>
                {t(`dashboard.trend.${line}`, { n: last[line] })}
              </text>
            </g>
          ))}
          <text className="s" x={LEFT} y={height - 12}>
            {dayMonth(days[0]?.day ?? last.day)}
          </text>
          <text className="s" x={width - RIGHT} y={height - 12} textAnchor="end">
            {t("dashboard.trend.foot", { day: dayMonth(last.day) })}
          </text>
        </svg>
      )}
    </div>
  );
}
