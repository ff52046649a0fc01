import { useT } from "@/i18n";
import { clockText, isLate, type Measure } from "./figures";
import { useBox } from "./useBox";

/** Left edge of the plot and room for the numbers on its right, pixels. */
const LEFT = 196;
const RIGHT = 262;
const HEAD = 24;
/** The axis ends here: parts of the target. */
const AXIS = 1.4;

type RowProps = { one: Measure; y: number; x: (share: number) => number; right: number };

function Row({ one, y, x, right }: RowProps) {
  const t = useT();
  const unit = t("dashboard.s");
  const late = isLate(one.p90_s, one.target_s);
  const share = (value: number | null) => Math.min(AXIS, Math.max(0, (value ?? 0) / one.target_s));
  const known = one.median_s !== null;
  const from = share(one.p10_s);
  const to = share(one.p90_s);
  return (
    <g>
      <text className="h" x="16" y={y - 2}>
        {t(`dashboard.clock.${one.code}` as "dashboard.clock.answer")}
      </text>
      <text className="s" x="16" y={y + 13}>
        {t(`dashboard.clockTarget.${one.code}` as "dashboard.clockTarget.answer", {
          target:
            one.target_s % 60 === 0 && one.target_s > 120
              ? `${one.target_s / 60} ${t("dashboard.min")}`
              : `${one.target_s} ${unit}`,
        })}
      </text>
      {known && (
        <>
          <rect
            className="b"
            x={x(from)}
            y={y - 8}
            width={Math.max(2, x(Math.min(1, to)) - x(from))}
            height="10"
            rx="2"
          />
          {late && (
            <rect
              className="late"
              x={x(Math.max(1, from))}
              y={y - 11}
              width={x(to) - x(Math.max(1, from))}
              height="16"
            />
          )}
          {late && <path className="late" d={`M${x(to) + 11} ${y - 9}l7 12h-14z`} />}
          {late && (
            <text className="late-word" x={x(to) + 24} y={y + 2}>
              {t("dashboard.late")}
            </text>
          )}
          <rect className="median" x={x(share(one.median_s)) - 2} y={y - 12} width="4" height="18" />
        </>
      )}
      <text className="h" x={right - 120} y={y + 2} textAnchor="end">
        {clockText(one.median_s, unit)}
      </text>
      <text className={late ? "late-word" : ""} x={right - 60} y={y + 2} textAnchor="end">
        {clockText(one.p90_s, unit)}
      </text>
      <text x={right} y={y + 2} textAnchor="end">
        {one.n}
      </text>
    </g>
  );
}

/** Six clocks of the call's way, each as part of its own target: bar p10 to p90, thick line median. */
export function ClockChart({ clocks }: { clocks: readonly Measure[] }) {
  const t = useT();
  const [ref, { width, height }] = useBox();
  const right = width - 16;
  const x = (share: number) => LEFT + ((width - LEFT - RIGHT) * share) / AXIS;
  const step = (height - HEAD - 8) / Math.max(1, clocks.length);
  return (
    <div className="chart" ref={ref}>
      {width > 0 && (
        <svg width={width} height={height} role="img" aria-label={t("dashboard.clocks.label")}>
          {[0, 0.5].map((share) => (
            <g key={share}>
              <line className="grid" x1={x(share)} x2={x(share)} y1={HEAD} y2={height - 6} />
              <text className="s" x={x(share)} y="14" textAnchor="middle">
                {share * 100} %
              </text>
            </g>
          ))}
          <text className="s" x={x(1)} y="14" textAnchor="middle">
            {t("dashboard.targetWord")}
          </text>
          <text className="s" x={right - 120} y="14" textAnchor="end">
            {t("dashboard.median")}
          </text>
          <text className="s" x={right - 60} y="14" textAnchor="end">
            p90
          </text>
          <text className="s" x={right} y="14" textAnchor="end">
            n
          </text>
          {clocks.map((one, at) => (
            <Row key={one.code} one={one} y={HEAD + step * (at + 0.5)} x={x} right={right} />
          ))}
          <line className="target" x1={x(1)} x2={x(1)} y1={HEAD} y2={height - 6} />
        </svg>
      )}
    </div>
  );
}
