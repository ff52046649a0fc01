import { useState } from "react";
import { useT } from "@/i18n";
import { dayWords, duration, wibDay } from "@/i18n/format";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { secondsSince, useSecond } from "@/live/clock";
import { AskedConnection } from "@/ui/AskedConnection";
import { DataTable } from "@/ui/DataTable";
import { DeskButton } from "@/ui/DeskButton";
import { DeskLayout } from "@/ui/DeskLayout";
import { Panel } from "@/ui/Panel";
import { EmptyState, FailedLine, LoadingBars, StaleBadge } from "@/ui/States";
import { DayField } from "./DayField";
import { dayAfter, dayBefore } from "./days";
import { JournalHead, Reconciliation, ReportFiles } from "./ReportSide";
import { type Cell, type DailyReport, type Section, useReport } from "./report";
import "./reports.css";

function DayPicker({ day, today, choose }: { day: string; today: string; choose: (day: string) => void }) {
  const t = useT();
  const next = dayAfter(day, today);
  const actions: DeskAction[] = [
    { id: "report.day_before", label: "reports.dayBefore", keys: "[", run: () => choose(dayBefore(day)) },
    {
      id: "report.day_after",
      label: "reports.dayAfter",
      keys: "]",
      blocked: next ? null : t("reports.lastDay"),
      run: () => next && choose(next),
    },
    { id: "report.today", label: "reports.today", keys: "0", run: () => choose(today) },
    { id: "report.print", label: "reports.print", keys: "Alt P", run: () => window.print() },
  ];
  useDeskKeys(actions);
  const [before, after, now, print] = actions;
  return (
    <div className="report-days no-print">
      {before && <DeskButton small action={before} />}
      <DayField day={day} today={today} choose={choose} />
      {after && <DeskButton small quietReason action={after} />}
      {now && <DeskButton small action={now} />}
      <span className="grow" />
      {print && <DeskButton small action={print} />}
    </div>
  );
}

const isNumber = (section: Section, at: number) =>
  at > 0 &&
  section.rows.every(
    (row) => typeof row[at] === "number" || row[at] === null || /^[\d:,.%\s]+$/.test(String(row[at])),
  );

function ReportTable({ section }: { section: Section }) {
  const t = useT();
  const show = (cell: Cell | undefined) => (cell === null || cell === undefined ? "–" : cell);
  return (
    <Panel title={section.title} count={section.rows.length}>
      {section.rows.length === 0 ? (
        <EmptyState title={t("reports.noRows")} />
      ) : (
        <div className="report-table">
          <DataTable
            caption={section.title}
            rows={section.rows.map((cells, at) => ({ cells, at }))}
            rowKey={(row) => String(row.at)}
            columns={section.head.map((head, at) => ({
              id: head,
              head,
              number: isNumber(section, at),
              cell: (row: { cells: Cell[] }) => show(row.cells[at]),
            }))}
          />
        </div>
      )}
    </Panel>
  );
}

/** Wide tables take the whole width, the others stand side by side. */
const WIDE = 7;

function Tables({ report }: { report: DailyReport }) {
  const sections = report.tables.filter((section) => section.code !== "checks");
  const wide = sections.filter((section) => section.head.length >= WIDE);
  const narrow = sections.filter((section) => section.head.length < WIDE);
  return (
    <>
      {wide.map((section) => (
        <ReportTable key={section.code} section={section} />
      ))}
      <div className="report-columns">
        {narrow.map((section) => (
          <ReportTable key={section.code} section={section} />
        ))}
      </div>
    </>
  );
}

/** The day as it is reported: all tables, the check that they add up, the journal's head, and the files. */
export default function ReportsScreen() {
  const t = useT();
  const nowS = useSecond();
  const today = wibDay(nowS * 1000);
  const [chosen, choose] = useState<string | null>(null);
  const day = chosen ?? today;
  const { data, error, isError, isPlaceholderData } = useReport(day, day === today);
  const report = data && !isPlaceholderData ? data : null;
  const ageS = secondsSince(report?.made_at, nowS);
  return (
    <DeskLayout
      screen={t("screen.laporan")}
      columns="reports"
      connection={<AskedConnection away={isError} at={data?.made_at} />}
      strip={<DayPicker day={day} today={today} choose={(one) => choose(one === today ? null : one)} />}
      foot={<span className="t2 ellipsis">{t("reports.foot")}</span>}
    >
      <aside className="col gap8 report-side">
        {report && <Reconciliation report={report} />}
        <ReportFiles day={day} />
        {report && <JournalHead report={report} />}
      </aside>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long report is scrolled by keyboard */}
      <section className="scroll report-main" tabIndex={0} aria-label={report?.title ?? t("screen.laporan")}>
        <header className="row report-title">
          <h2>{report?.title ?? dayWords(day)}</h2>
          {report && !report.complete && <span className="t2 s13">{t("reports.incomplete")}</span>}
          {isError && report && <StaleBadge text={t("reports.old", { age: duration(ageS) })} />}
        </header>
        {report && report.calls.offered === 0 && report.incidents.total === 0 && (
          <EmptyState title={t("reports.empty")} fact={t("reports.emptyFact")} />
        )}
        {report && <Tables report={report} />}
        {!report && !isError && <LoadingBars what={t("screen.laporan")} />}
        {!report && isError && <FailedLine title={t("state.failed")}>{error.message}</FailedLine>}
      </section>
    </DeskLayout>
  );
}
