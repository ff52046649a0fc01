import type { ReactNode } from "react";
import { useT } from "@/i18n";
import { minutesSeconds, number } from "@/i18n/format";
import { Icon } from "@/ui/Icon";
import { type Figures, isLate, measureOf } from "./figures";

type TileProps = {
  label: string;
  value: string;
  small?: ReactNode;
  /** What the figure means; yellow and with a sign when it misses its target. */
  verdict: string;
  /** Null: too few values to say. */
  late: boolean | null;
};

function Tile({ label, value, small, verdict, late }: TileProps) {
  return (
    <section className={`figure-tile${late ? " late" : ""}`} aria-label={label}>
      <h2>{label}</h2>
      <p className="value">
        {value}
        {small && <small>{small}</small>}
      </p>
      <p className="verdict">
        <Icon name={late ? "warning" : late === null ? "info" : "check"} />
        {verdict}
      </p>
    </section>
  );
}

const percent = (share: number | null | undefined) =>
  share === null || share === undefined ? "–" : `${number(share * 100)} %`;

function AnswerTile({ figures }: { figures: Figures }) {
  const t = useT();
  const answer = measureOf(figures, "answer");
  const late = answer?.within == null ? null : answer.within < figures.within_share;
  const target = percent(figures.within_share);
  return (
    <Tile
      label={t("dashboard.answer", { s: answer?.target_s ?? "–" })}
      value={percent(answer?.within)}
      small={t("dashboard.of", { n: answer?.of ?? 0 })}
      late={late}
      verdict={
        late === null ? t("dashboard.tooFew") : t(late ? "dashboard.under" : "dashboard.target", { target })
      }
    />
  );
}

function ProcessingTile({ figures }: { figures: Figures }) {
  const t = useT();
  const processing = measureOf(figures, "processing");
  const p90 = processing?.p90_s;
  const late = p90 == null ? null : isLate(p90, processing?.target_s ?? 0);
  const target = `${processing?.target_s ?? "–"} ${t("dashboard.s")}`;
  return (
    <Tile
      label={t("dashboard.processing")}
      value={p90 == null ? "–" : String(Math.round(p90))}
      small={t("dashboard.s")}
      late={late}
      verdict={
        late === null ? t("dashboard.tooFew") : t(late ? "dashboard.over" : "dashboard.target", { target })
      }
    />
  );
}

function ResponseTile({ figures }: { figures: Figures }) {
  const t = useT();
  const response = measureOf(figures, "response");
  const median = response?.median_s;
  const late = median == null ? null : isLate(median, response?.target_s ?? 0);
  const target = minutesSeconds(response?.target_s ?? 0);
  return (
    <Tile
      label={t("dashboard.response")}
      value={median == null ? "–" : minutesSeconds(median)}
      small={t("dashboard.min")}
      late={late}
      verdict={
        late === null ? t("dashboard.tooFew") : t(late ? "dashboard.over" : "dashboard.target", { target })
      }
    />
  );
}

function AcceptedTile({ figures }: { figures: Figures }) {
  const t = useT();
  const { assignments, acknowledged } = figures;
  const clock = measureOf(figures, "acknowledge");
  const target = percent(figures.within_share);
  const within = clock?.within;
  const late = within == null ? null : within < figures.within_share;
  return (
    <Tile
      label={t("dashboard.accepted")}
      value={assignments < 5 ? "–" : percent(acknowledged / assignments)}
      small={t("dashboard.share", { n: acknowledged, all: assignments })}
      late={late}
      verdict={
        late === null
          ? t("dashboard.tooFew")
          : t(late ? "dashboard.acceptedLate" : "dashboard.acceptedInTime", {
              share: percent(within),
              s: clock?.target_s ?? "–",
              target,
            })
      }
    />
  );
}

function CallsTile({ figures, range }: { figures: Figures; range: string }) {
  const t = useT();
  const { offered = 0, answered = 0, lost = 0, waiting = 0 } = figures.calls;
  return (
    <Tile
      label={t("dashboard.calls", { range })}
      value={String(offered)}
      late={!figures.calls_reconcile}
      verdict={t(figures.calls_reconcile ? "dashboard.reconciles" : "dashboard.differs", {
        answered,
        lost,
        waiting: waiting > 0 ? ` + ${waiting} ${t("dashboard.waiting")}` : "",
      })}
    />
  );
}

/** Five figures against their targets. */
export function Tiles({ figures, range }: { figures: Figures; range: string }) {
  return (
    <div className="figure-tiles">
      <AnswerTile figures={figures} />
      <ProcessingTile figures={figures} />
      <ResponseTile figures={figures} />
      <AcceptedTile figures={figures} />
      <CallsTile figures={figures} range={range} />
    </div>
  );
}
