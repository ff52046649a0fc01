import { useCatalogue } from "@/api/catalogue";
import { useT } from "@/i18n";
import { wibShort } from "@/i18n/format";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { useSecond } from "@/live/clock";
import { useTable } from "@/live/room";
import type { Assignment, Incident } from "@/live/rows";
import { Icon } from "@/ui/Icon";
import { Key } from "@/ui/Key";
import { JobClockFace } from "../assignment/ClockCell";
import { assignmentClock } from "../assignment/clocks";
import { jobGlyph, saidWith } from "../assignment/jobWords";
import { useNames } from "../assignment/names";
import { etaLeftS, etaWords } from "../dispatch/units";
import { useConsole } from "./console";

type Props = { incident: Incident; jobs: readonly Assignment[]; jobId: string | null };

/** The agency's units on this task, each with its state and clock. A number key chooses which one the keys act on. */
export function OwnJobs({ incident, jobs, jobId }: Props) {
  const t = useT();
  const names = useNames();
  const catalogue = useCatalogue();
  const agencies = useTable("agency");
  const nowS = useSecond();
  const keys: DeskAction[] = jobs.slice(0, 9).map((job, index) => ({
    id: `opd.job.${index + 1}`,
    label: "dispatch.job",
    keys: String(index + 1),
    keyOnly: true,
    run: () => useConsole.setState({ jobId: job.id }),
  }));
  useDeskKeys(keys);
  return (
    <div role="group" aria-label={t("dispatch.jobs")}>
      {jobs.map((job, index) => {
        const clock = catalogue
          ? assignmentClock(job, incident.priority, catalogue.clocks, agencies[job.agency])
          : null;
        const eta = job.state === "departed" ? etaLeftS(job, nowS) : null;
        return (
          <button
            key={job.id}
            type="button"
            className={`list-row pick-row job${job.id === jobId ? " on" : ""}`}
            aria-pressed={job.id === jobId}
            onClick={() => useConsole.setState({ jobId: job.id })}
          >
            <Key keys={String(index + 1)} />
            <b>{names.job(job)}</b>
            <span className="state">
              <Icon name={jobGlyph(job.state)} />
              {t(`assignment_state.${job.state}`)}
              <span className="t2">
                {wibShort(job.arrived_at ?? job.departed_at ?? job.acknowledged_at ?? job.sent_at)}
              </span>
            </span>
            <span className="t2 ellipsis">
              {[
                job.result ? names.result(job.result) : null,
                job.reason ? names.reason(job.reason) : null,
                eta !== null ? t("opd.arrivesIn", { age: etaWords(eta) }) : null,
                saidWith(job),
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
            <span className="right">{clock && <JobClockFace clock={clock} compact />}</span>
          </button>
        );
      })}
    </div>
  );
}
