import { translate, useT } from "@/i18n";
import { wibTime } from "@/i18n/format";
import { tell } from "@/keys/notice";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { DeskButton } from "@/ui/DeskButton";
import { Icon } from "@/ui/Icon";
import { Panel } from "@/ui/Panel";
import { type DailyReport, download, type FileKind, verifyCommand } from "./report";

const FILES: { kind: FileKind; keys: string }[] = [
  { kind: "report.xlsx", keys: "Alt X" },
  { kind: "report.csv", keys: "Alt C" },
  { kind: "feed.json", keys: "Alt J" },
  { kind: "feed.csv", keys: "Alt U" },
];

/** Whether the day adds up: each sum with both its sides, a miss in yellow with a sign. */
export function Reconciliation({ report }: { report: DailyReport }) {
  const t = useT();
  const table = report.tables.find((one) => one.code === "checks");
  return (
    <Panel title={t("reports.checks")}>
      <div className={`report-verdict${report.reconciles ? "" : " late"}`} role="status">
        <Icon name={report.reconciles ? "check" : "warning"} />
        <b>{t(report.reconciles ? "reports.reconciles" : "reports.differs")}</b>
      </div>
      <ul className="report-checks">
        {report.checks.map((check, at) => (
          <li key={check.code} className={check.holds ? "" : "wrong"}>
            <Icon name={check.holds ? "check" : "warning"} />
            <span>{table?.rows[at]?.[0] ?? check.code}</span>
            <b>{check.holds ? check.left : `${check.left} ≠ ${check.right}`}</b>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** The journal's head when the report was made, and the command that verifies an export against it. */
export function JournalHead({ report }: { report: DailyReport }) {
  const t = useT();
  const command = verifyCommand(report.journal);
  const copy: DeskAction = {
    id: "report.copy_command",
    label: "reports.copy",
    keys: "Alt S",
    run: async () => {
      await navigator.clipboard.writeText(command);
      tell(translate("reports.copied"));
    },
  };
  useDeskKeys([copy]);
  return (
    <Panel title={t("reports.journal")} count={t("reports.journal.at", { at: wibTime(report.made_at) })}>
      <div className="panel-body report-journal">
        <span className="t2 s13">{t("reports.journal.seq", { n: report.journal.seq })}</span>
        <code>{report.journal.hash}</code>
        <span className="t2 s13">{t("reports.journal.how")}</span>
        <code>{command}</code>
        <div className="no-print">
          <DeskButton small action={copy} />
        </div>
      </div>
    </Panel>
  );
}

/** Files of the chosen day. */
export function ReportFiles({ day }: { day: string }) {
  const t = useT();
  const actions: DeskAction[] = FILES.map(({ kind, keys }) => ({
    id: `report.file.${kind}`,
    label: `reports.file.${kind}` as const,
    keys,
    run: async () => tell(translate("reports.saved", { name: await download(kind, day) })),
  }));
  useDeskKeys(actions);
  return (
    <Panel title={t("reports.files")}>
      <div className="panel-body report-files no-print">
        {actions.map((action, at) => (
          <DeskButton key={action.id} action={action} primary={at === 0} />
        ))}
      </div>
    </Panel>
  );
}
