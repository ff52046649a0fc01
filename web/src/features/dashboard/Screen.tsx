import { useState } from "react";
import { type Key, useT, useWord } from "@/i18n";
import { duration } from "@/i18n/format";
import { type DeskAction, perform, useDeskKeys } from "@/keys/registry";
import { secondsSince, useSecond } from "@/live/clock";
import { AskedConnection } from "@/ui/AskedConnection";
import { Key as KeyCap } from "@/ui/Key";
import { NoticeLine } from "@/ui/Notice";
import { Panel } from "@/ui/Panel";
import { FailedLine, LoadingBars, StaleBadge } from "@/ui/States";
import { TopBar } from "@/ui/TopBar";
import { ClockChart } from "./ClockChart";
import { CountBars } from "./CountBars";
import type { Counted, Figures } from "./figures";
import { ResponseChart } from "./ResponseChart";
import { Tiles } from "./Tiles";
import { TrendChart } from "./TrendChart";
import { type Days, useFigures } from "./useFigures";
import "./dashboard.css";

const RANGES: readonly Days[] = ["1", "7", "30"];

function Ranges({ days, choose }: { days: Days; choose: (days: Days) => void }) {
  const t = useT();
  const actions: DeskAction[] = RANGES.map((one, at) => ({
    id: `dashboard.range.${one}`,
    label: `dashboard.range.${one}` as Key,
    keys: String(at + 1),
    run: () => choose(one),
  }));
  useDeskKeys(actions);
  return (
    <fieldset className="segments ranges" aria-label={t("dashboard.range")}>
      {actions.map((action, at) => (
        <button
          key={action.id}
          type="button"
          className="chip"
          aria-pressed={RANGES[at] === days}
          aria-keyshortcuts={action.keys ?? undefined}
          onClick={() => void perform(action)}
        >
          {t(action.label)}
          <KeyCap keys={action.keys ?? ""} />
        </button>
      ))}
    </fieldset>
  );
}

function Charts({ figures, range }: { figures: Figures; range: string }) {
  const t = useT();
  const word = useWord();
  const month = t("dashboard.month");
  const category = ({ code, name }: Counted) => {
    const short = word("category", code);
    return short === code ? name : short;
  };
  return (
    <>
      <div className="figure-row">
        <Panel title={t("dashboard.clocks")} count={t("dashboard.clocks.how", { range })}>
          <ClockChart clocks={figures.clocks} />
        </Panel>
        <Panel title={t("dashboard.spread")} count={t("dashboard.spread.of")}>
          <ResponseChart minutes={figures.response_minutes} all={figures.month_response} />
        </Panel>
      </div>
      <div className="figure-row three">
        <Panel title={t("dashboard.categories")} count={`${month} · ${figures.incidents}`}>
          <CountBars
            rows={figures.by_category.map((row) => ({ ...row, name: category(row) }))}
            names={144}
            empty={t("dashboard.noIncidents")}
            others={(n) => t("dashboard.otherCategories", { n })}
          />
        </Panel>
        <Panel title={t("dashboard.kecamatan")} count={t("dashboard.kecamatan.of", { n: figures.placed })}>
          <CountBars
            rows={figures.by_kecamatan}
            names={120}
            empty={t("dashboard.noIncidents")}
            others={(n) => t("dashboard.otherKecamatan", { n })}
          />
        </Panel>
        <Panel title={t("dashboard.trend")} count={month}>
          <TrendChart days={figures.trend} />
        </Panel>
      </div>
    </>
  );
}

/** Figures are old when the room could not count them anew for this long, seconds. */
const OLD_AFTER_S = 60;

/** Today, seven or thirty days against their targets. Figures only: no case, no name, no place of a restricted case. */
export default function DashboardScreen() {
  const t = useT();
  const nowS = useSecond();
  const [days, setDays] = useState<Days>("1");
  const { data, error, isError } = useFigures(days);
  const range = t(`dashboard.range.${days}` as Key).toLowerCase();
  const ageS = secondsSince(data?.made_at, nowS) ?? 0;
  const old = data && (isError || ageS > OLD_AFTER_S);
  return (
    <div className="desk dashboard">
      <TopBar
        screen={t("screen.dasbor")}
        connection={<AskedConnection away={isError} at={data?.made_at} />}
        status={
          <>
            {old && <StaleBadge text={t("dashboard.old", { age: duration(ageS) })} />}
            <NoticeLine />
            <Ranges days={days} choose={setDays} />
          </>
        }
      />
      <main className={`figures${old ? " hatched" : ""}`}>
        {data && <Tiles figures={data} range={range} />}
        {data && <Charts figures={data} range={range} />}
        {!data && !isError && <LoadingBars what={t("dashboard.what")} />}
        {!data && isError && <FailedLine title={t("state.failed")}>{error.message}</FailedLine>}
      </main>
    </div>
  );
}
