import { useT } from "@/i18n";
import { wibShort, wibTime } from "@/i18n/format";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { useTable } from "@/live/room";
import { DeskButton } from "@/ui/DeskButton";
import { Icon } from "@/ui/Icon";
import { Panel } from "@/ui/Panel";
import { Priority } from "@/ui/Priority";
import { EmptyState, LoadingBars, LockMark } from "@/ui/States";
import { ClockCell } from "../assignment/ClockCell";
import { type Names, placeLine } from "../assignment/names";
import { acknowledgeAlarm } from "../assignment/verbs";
import { type DeskAlarm, lastAcknowledged } from "../dispatch/alarms";

export const alarmKey = (alarm: DeskAlarm) => alarm.assignment?.id ?? alarm.incident.id;

/** Whom to telephone once the room has called for the agency's head; before that, who comes next. */
function Head({ alarm }: { alarm: DeskAlarm }) {
  const t = useT();
  const agencies = useTable("agency");
  const job = alarm.assignment;
  if (!job || (job.escalation !== "agency_head" && job.escalation !== "supervisor")) return null;
  const agency = agencies[job.agency];
  const at = job.escalated_at ? wibShort(job.escalated_at) : "–";
  if (job.escalation === "supervisor") {
    return (
      <span className="t2 s13">
        {t("supervisor.late.headNext", { at, title: agency?.head_title ?? "–" })}
      </span>
    );
  }
  return (
    <span className="late-head">
      <Icon name="phone" size={14} />
      <span>
        {t("supervisor.late.callHead", { at, title: agency?.head_title ?? "–" })}{" "}
        <b className="nowrap">{agency?.head_phone ?? agency?.contact_phone ?? "–"}</b>
      </span>
    </span>
  );
}

function Row({
  alarm,
  names,
  chosen,
  choose,
}: {
  alarm: DeskAlarm;
  names: Names;
  chosen: boolean;
  choose: () => void;
}) {
  const t = useT();
  const { incident, assignment, clock } = alarm;
  const tone = alarm.level === 1 ? "escalated" : "late";
  return (
    <li>
      <button
        type="button"
        className={`list-row late-row ${tone}${chosen ? " chosen" : ""}`}
        aria-pressed={chosen}
        onClick={choose}
      >
        <Priority code={incident.priority} />
        <span className="col">
          <span className="ellipsis">
            {incident.masked ? <LockMark /> : <b className="s16">{names.type(incident)}</b>}{" "}
            <span className="t2">{names.number(incident)}</span>
          </span>
          <span className="t2 s13 ellipsis">
            {incident.masked ? t("supervisor.late.hidden") : placeLine(incident, names)}
          </span>
          <span className="s13 ellipsis">
            {assignment
              ? [names.agency(assignment.agency), assignment.unit_id && names.job(assignment)]
                  .filter(Boolean)
                  .join(" · ")
              : t("supervisor.late.nobody")}
            {alarm.acknowledged && ` · ${t("supervisor.late.acknowledged")}`}
          </span>
          <Head alarm={alarm} />
        </span>
        <ClockCell clock={clock} />
      </button>
    </li>
  );
}

type Props = {
  alarms: readonly DeskAlarm[] | null;
  names: Names;
  chosen: DeskAlarm | null;
  choose: (key: string) => void;
  openInDispatch: (alarm: DeskAlarm) => void;
};

/** What the verbs under the list act on: the chosen row. */
function useVerbs({ chosen, openInDispatch, alarms, choose }: Props): DeskAction[] {
  const t = useT();
  const job = chosen?.assignment;
  const move = (step: number) => {
    const list = alarms ?? [];
    const at = list.findIndex((one) => chosen && alarmKey(one) === alarmKey(chosen));
    const next = list[Math.min(list.length - 1, Math.max(0, at + step))];
    if (next) choose(alarmKey(next));
  };
  const none = chosen ? null : t("supervisor.late.choose");
  const quiet = chosen?.acknowledged ? t("supervisor.late.already") : t("supervisor.late.notEscalated");
  const shown: DeskAction[] = [
    {
      id: "late.acknowledge",
      label: "alarm.acknowledge",
      keys: "Alt A",
      blocked: none ?? (job && chosen.level === 1 && !chosen.acknowledged ? null : quiet),
      run: () => job && acknowledgeAlarm(job.id),
    },
    {
      id: "late.open",
      label: "supervisor.late.open",
      keys: "Enter",
      blocked: none,
      run: () => chosen && openInDispatch(chosen),
    },
  ];
  useDeskKeys([
    ...shown,
    { id: "late.down", label: "supervisor.late.down", keys: "ArrowDown", keyOnly: true, run: () => move(1) },
    { id: "late.up", label: "supervisor.late.up", keys: "ArrowUp", keyOnly: true, run: () => move(-1) },
  ]);
  return shown;
}

/** Everything past its clock, the worst on top, with whom to call where the room has called for the agency's head. */
export function LatePanel(props: Props) {
  const { alarms, names, chosen, choose } = props;
  const t = useT();
  const verbs = useVerbs(props);
  const assignments = useTable("assignment");
  const last = lastAcknowledged(assignments);
  return (
    <Panel
      grow
      icon="clock"
      title={t("alarm.level.2")}
      count={
        alarms ? (alarms.length > 1 ? t("supervisor.late.count", { n: alarms.length }) : alarms.length) : "–"
      }
      acts={verbs.map((verb) => (
        <DeskButton
          key={verb.id}
          action={verb}
          primary={verb.id === "late.open"}
          quietReason={alarms?.length === 0}
        />
      ))}
    >
      {!alarms && <LoadingBars what={t("supervisor.late.what")} />}
      {alarms?.length === 0 && (
        <EmptyState
          title={t("supervisor.late.none")}
          fact={last ? t("alarm.last", { at: wibTime(last) }) : t("supervisor.late.noneFact")}
        />
      )}
      <ul className="scroll grow">
        {alarms?.map((alarm) => (
          <Row
            key={alarmKey(alarm)}
            alarm={alarm}
            names={names}
            chosen={chosen !== null && alarmKey(chosen) === alarmKey(alarm)}
            choose={() => choose(alarmKey(alarm))}
          />
        ))}
      </ul>
    </Panel>
  );
}
