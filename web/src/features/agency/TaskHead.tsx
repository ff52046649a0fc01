import { useT } from "@/i18n";
import { minutesSeconds, wibTime } from "@/i18n/format";
import { useRoom } from "@/live/room";
import type { Assignment, Incident } from "@/live/rows";
import { useClockFace } from "@/ui/Clock";
import { Icon } from "@/ui/Icon";
import { Priority } from "@/ui/Priority";
import { LockMark } from "@/ui/States";
import type { JobClock } from "../assignment/clocks";
import { useNames } from "../assignment/names";
import { together } from "./inbox";

/** The acceptance clock, large: left of its limit, and when it was sent. */
function AcceptClock({ clock, sentAt }: { clock: JobClock; sentAt: string }) {
  const t = useT();
  const face = useClockFace(clock.from, clock.limitS ?? 0, clock.escalated);
  if (!face || clock.limitS === null) return null;
  const mark = face.stage === "normal" ? "clock" : face.stage === "near" ? "hourglass" : "bell";
  return (
    <div className={`accept-clock ${face.stage}${clock.blinking ? " blink" : ""}`} role="timer">
      <span className="label">
        <Icon name={mark} /> {t("opd.acceptWithin")}
      </span>
      <span className="figure">{face.text}</span>
      <span className="clock-bar">
        <i style={{ width: `${Math.round(face.used * 100)}%` }} />
      </span>
      <span className="label right">
        {t("opd.limit", { limit: minutesSeconds(clock.limitS), at: wibTime(sentAt) })}
      </span>
    </div>
  );
}

export function TaskHead({
  incident,
  job,
  clock,
}: {
  incident: Incident;
  job: Assignment | null;
  clock: JobClock | null;
}) {
  const t = useT();
  const names = useNames();
  const waiting = job?.state === "sent" && clock?.wait === "acknowledge";
  const area = [names.desa(incident.desa_code), names.kecamatan(incident.kecamatan_code)]
    .filter(Boolean)
    .join(", ");
  return (
    <header className="task-head">
      <div className="col gap4">
        <span className="row">
          <Priority code={incident.priority} />
          <span className="t2">
            {incident.ticket_number}
            {incident.type ? ` · ${incident.type}` : ""}
          </span>
          {incident.restricted && <LockMark />}
        </span>
        <h2 className="task-title">{names.type(incident)}</h2>
        <span className="s16">{incident.masked ? t("dispatch.masked") : incident.place_text}</span>
        <span className="t2">
          {[area, incident.landmark ? t("opd.landmark", { text: incident.landmark }) : null]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </div>
      {waiting && clock && <AcceptClock clock={clock} sentAt={job.sent_at} />}
    </header>
  );
}

/** What is dangerous, what is asked, what the caller said. */
export function TaskFacts({
  incident,
  job,
  agency,
}: {
  incident: Incident;
  job: Assignment | null;
  agency: string;
}) {
  const t = useT();
  const names = useNames();
  const tables = useRoom((room) => room.tables);
  const others = together(tables, incident.id, agency).map(names.agency);
  const dangers = (incident.dangers ?? []).map(names.danger).join(", ");
  return (
    <dl className="task-facts">
      <dt className="t3">{t("dispatch.fact.dangers")}</dt>
      <dd>
        <b>{dangers || t("opd.noDangers")}</b>
      </dd>
      <dt className="t3">{t("opd.asked")}</dt>
      <dd>
        {job?.unit_id ? t("opd.asked.unit", { unit: names.unit(job.unit_id) }) : t("opd.asked.agency")}{" "}
        {t("opd.role", { role: t(`assignment_role.${job?.role ?? "lead"}`).toLowerCase() })}
        {others.length > 0 ? `, ${t("opd.together", { names: others.join(", ") })}` : ""}.
      </dd>
      <dt className="t3">{t("dispatch.fact.narrative")}</dt>
      <dd className="narrative-text">{incident.narrative || "–"}</dd>
    </dl>
  );
}
