import { useT } from "@/i18n";
import { duration, wibTime } from "@/i18n/format";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { useTable } from "@/live/room";
import { AlarmStrip } from "@/ui/AlarmStrip";
import { clockFace } from "@/ui/clockStage";
import { type Names, useNames } from "../assignment/names";
import { useSound, useTone, useUnlockBySomething } from "../assignment/tones";
import { acknowledgeAlarm } from "../assignment/verbs";
import { type DeskAlarm, lastAcknowledged } from "./alarms";
import { askFor, choose, chooseJob, useDesk } from "./desk";

function Words({ alarm, names, nowS }: { alarm: DeskAlarm; names: Names; nowS: number }) {
  const t = useT();
  const agencies = useTable("agency");
  const { incident, assignment, clock } = alarm;
  const over = clockFace(Date.parse(clock.from), clock.limitS ?? 0, nowS).text.replace("+", "");
  const who = assignment ? names.job(assignment) : "";
  const agency = assignment ? agencies[assignment.agency] : undefined;
  const since = assignment?.escalated_at ? wibTime(assignment.escalated_at) : "";
  return (
    <>
      {names.number(incident)} {names.type(incident)}:{" "}
      {t(
        `dispatch.alarm.${clock.wait === "send" || clock.wait === "depart" || clock.wait === "arrive" ? clock.wait : "acknowledge"}`,
        { who, over },
      )}{" "}
      {assignment?.escalation === "supervisor" && (
        <span className="wide-only">{t("dispatch.alarm.supervisor", { at: since })}</span>
      )}
      {assignment?.escalation === "agency_head" && (
        <span>
          {t("dispatch.callHead", { title: agency?.head_title ?? "–" })} {agency?.head_phone ?? "–"}
        </span>
      )}
    </>
  );
}

function go(alarm: DeskAlarm): void {
  choose(alarm.incident.id);
  if (alarm.assignment) chooseJob(alarm.assignment.id);
}

/** F1 is the strip's act: acknowledge what sounds, else open what is late. */
function useFirstAct(alarm: DeskAlarm | undefined): DeskAction | null {
  if (!alarm) return null;
  const { assignment } = alarm;
  if (alarm.level === 1 && assignment && !alarm.acknowledged) {
    return {
      id: "alarm.acknowledge",
      label: "alarm.acknowledge",
      keys: "F1",
      run: async () => {
        await acknowledgeAlarm(assignment.id);
        go(alarm);
      },
    };
  }
  return { id: "alarm.open", label: "dispatch.alarm.open", keys: "F1", run: () => go(alarm) };
}

function useReplaceAct(alarm: DeskAlarm | undefined, names: Names): DeskAction | null {
  const job = alarm?.assignment;
  if (!alarm || !job?.unit_id || !job.proposed_unit_id) return null;
  const unitId = job.proposed_unit_id;
  return {
    id: "alarm.replace",
    label: "dispatch.alarm.replace",
    labelFacts: { unit: names.unit(unitId) },
    keys: "Alt P",
    run: () => {
      go(alarm);
      askFor({ kind: "replace", assignmentId: job.id, unitId });
    },
  };
}

/** Sound follows the worst alarm: level 1 until it is acknowledged, level 2 once a minute. */
function useAlarmSound(alarms: readonly DeskAlarm[]): void {
  useUnlockBySomething();
  const loud = alarms.find((one) => one.level === 1 && !one.acknowledged);
  const late = alarms.find((one) => one.level === 2);
  const cause = loud ?? late;
  const id = cause
    ? `${cause.assignment?.id ?? cause.incident.id}.${cause.assignment?.escalation ?? ""}`
    : null;
  useTone(loud ? "escalated" : late ? "late" : null, id);
}

type Props = { alarms: readonly DeskAlarm[]; nowS: number };

/** The worst alarm with its two likely keys; `+2` opens the rest. 40 px with and without. */
export function AlarmBar({ alarms, nowS }: Props) {
  const t = useT();
  const names = useNames();
  const sound = useSound((one) => one.state);
  const assignments = useTable("assignment");
  const open = useDesk((desk) => desk.alarmsOpen);
  useAlarmSound(alarms);
  const worst = alarms[0];
  const first = useFirstAct(worst);
  const replace = useReplaceAct(worst, names);
  const acts = [replace, first].filter((act) => act !== null);
  const more: DeskAction = {
    id: "alarm.more",
    label: "alarm.more",
    labelFacts: { n: alarms.length - 1 },
    keys: "Alt L",
    run: () => useDesk.setState({ alarmsOpen: !open }),
  };
  useDeskKeys(alarms.length > 1 ? [...acts, more] : acts);
  return (
    <div className="alarm-bar">
      <AlarmStrip
        alarm={
          worst
            ? {
                level: worst.level,
                acknowledged: worst.acknowledged,
                acts,
                text: (
                  <>
                    <Words alarm={worst} names={names} nowS={nowS} />
                    {sound === "locked" && ` ${t("dispatch.sound.locked")}`}
                  </>
                ),
              }
            : null
        }
        lastAt={lastAcknowledged(assignments)}
        {...(alarms.length > 1 ? { more } : {})}
      />
      {open && alarms.length > 1 && (
        <ul className="drop alarm-list">
          {alarms.slice(1).map((alarm, n) => (
            <li key={`${alarm.incident.id}${alarm.assignment?.id}`}>
              <button
                type="button"
                className="list-row"
                autoFocus={n === 0}
                onKeyDown={(event) => {
                  if (event.key !== "Escape") return;
                  event.preventDefault(); // the list's own Esc, not that of a question below
                  useDesk.setState({ alarmsOpen: false });
                }}
                onClick={() => {
                  useDesk.setState({ alarmsOpen: false });
                  go(alarm);
                }}
              >
                <span className="ellipsis">
                  <Words alarm={alarm} names={names} nowS={nowS} />
                </span>
                <span className="t2">{duration(nowS - Date.parse(alarm.clock.from) / 1000)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
