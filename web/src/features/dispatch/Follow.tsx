import { useCatalogue } from "@/api/catalogue";
import { useT, useWord } from "@/i18n";
import { wibTime } from "@/i18n/format";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { useRow } from "@/live/room";
import type { Assignment, Incident } from "@/live/rows";
import { Icon } from "@/ui/Icon";
import { Key } from "@/ui/Key";
import { LoadingBars } from "@/ui/States";
import { JobClockFace } from "../assignment/ClockCell";
import { assignmentClock, isEscalated } from "../assignment/clocks";
import { jobGlyph, saidWith } from "../assignment/jobWords";
import { type Names, useNames } from "../assignment/names";
import type { TimelineEntry } from "../assignment/verbs";
import { chooseJob } from "./desk";
import { timelineLine } from "./timeline";

/** Whom to ring when the ladder has reached the agency's head: title and number. */
function Head({ job }: { job: Assignment }) {
  const agency = useRow("agency", job.agency);
  if (job.escalation !== "agency_head" || !agency) return null;
  return (
    <span className="head-call">
      <Icon name="phone" size={14} /> <b>{agency.head_phone ?? "–"}</b> {agency.head_title ?? "–"}{" "}
    </span>
  );
}

function Contact({ job }: { job: Assignment }) {
  const t = useT();
  const agency = useRow("agency", job.agency);
  if (job.state !== "sent" || !agency?.phone_only) return null;
  return (
    <span className="head-call">
      <Icon name="phone" size={14} /> <b>{agency.contact_phone ?? "–"}</b> {t("dispatch.phoneOnly")} ·{" "}
    </span>
  );
}

type JobProps = { job: Assignment; incident: Incident; index: number; chosen: boolean; names: Names };

function JobLine({ job, incident, index, chosen, names }: JobProps) {
  const word = useWord();
  const catalogue = useCatalogue();
  const agency = useRow("agency", job.agency);
  const clock = catalogue ? assignmentClock(job, incident.priority, catalogue.clocks, agency) : null;
  const tone = isEscalated(job) ? " escalated" : "";
  const said = saidWith(job);
  return (
    <button
      type="button"
      className={`list-row job-row${tone}${chosen ? " selected" : ""}`}
      aria-pressed={chosen}
      onClick={() => chooseJob(job.id)}
    >
      <Key keys={String(index + 1)} />
      <b className="ellipsis">{names.job(job)}</b>
      <span className="state">
        <Icon name={jobGlyph(job.state)} />
        {word("assignment_state", job.state)}
      </span>
      <span className="t2 s13 ellipsis" title={said || undefined}>
        <Head job={job} />
        <Contact job={job} />
        {[
          job.unit_id ? names.agency(job.agency) : null,
          word("assignment_role", job.role),
          job.result ? names.result(job.result) : null,
          job.reason ? names.reason(job.reason) : null,
          said,
        ]
          .filter(Boolean)
          .join(" · ")}
      </span>
      <span className="right">{clock ? <JobClockFace clock={clock} compact /> : ""}</span>
    </button>
  );
}

function Timeline({ entries, names }: { entries: readonly TimelineEntry[]; names: Names }) {
  const t = useT();
  const lines = [...entries].sort((a, b) => b.seq - a.seq).map((entry) => timelineLine(entry, t, names));
  return (
    <ol className="timeline" aria-label={t("dispatch.timeline")}>
      {lines.map((line) => (
        <li key={line.seq}>
          <span className="t2">{wibTime(line.at)}</span>
          <span className="ellipsis">
            {line.who && <b>{line.who} </b>}
            {line.what}
            {line.late && <span className="t2"> · {t("timeline.late")}</span>}
          </span>
          <span className="t2 s13 nowrap">{line.note}</span>
        </li>
      ))}
    </ol>
  );
}

type Props = {
  incident: Incident;
  assignments: readonly Assignment[];
  jobId: string | null;
  timeline: readonly TimelineEntry[] | undefined;
};

/** Who is on it, each with its clock, and below what has happened. A number key chooses the job that the keys act on. */
export function Follow({ incident, assignments, jobId, timeline }: Props) {
  const t = useT();
  const names = useNames();
  const keys: DeskAction[] = assignments.slice(0, 9).map((job, index) => ({
    id: `dispatch.job.${index + 1}`,
    label: "dispatch.job",
    keys: String(index + 1),
    keyOnly: true,
    run: () => chooseJob(job.id),
  }));
  useDeskKeys(keys);
  return (
    <div className="scroll grow">
      <div role="group" aria-label={t("dispatch.jobs")}>
        {assignments.map((job, index) => (
          <JobLine
            key={job.id}
            job={job}
            incident={incident}
            index={index}
            chosen={job.id === jobId}
            names={names}
          />
        ))}
      </div>
      {timeline ? (
        <Timeline entries={timeline} names={names} />
      ) : (
        <LoadingBars what={t("dispatch.timeline")} />
      )}
    </div>
  );
}
