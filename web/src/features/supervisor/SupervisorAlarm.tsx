import { useT } from "@/i18n";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { useTable } from "@/live/room";
import { AlarmStrip } from "@/ui/AlarmStrip";
import { clockFace } from "@/ui/clockStage";
import type { Names } from "../assignment/names";
import { useSound, useTone, useUnlockBySomething } from "../assignment/tones";
import { acknowledgeAlarm } from "../assignment/verbs";
import { type DeskAlarm, lastAcknowledged } from "../dispatch/alarms";

type Props = { alarms: readonly DeskAlarm[]; names: Names; nowS: number; show: (alarm: DeskAlarm) => void };

/** F1 acknowledges what sounds; else it goes to the row. */
function firstAct(alarm: DeskAlarm, show: Props["show"]): DeskAction {
  const job = alarm.assignment;
  if (alarm.level === 1 && job && !alarm.acknowledged) {
    return { id: "alarm.first", label: "alarm.acknowledge", keys: "F1", run: () => acknowledgeAlarm(job.id) };
  }
  return { id: "alarm.first", label: "supervisor.alarm.show", keys: "F1", run: () => show(alarm) };
}

/** The worst of what is late, with sound until it is acknowledged. 40 px with and without. */
export function SupervisorAlarm({ alarms, names, nowS, show }: Props) {
  const t = useT();
  const sound = useSound((one) => one.state);
  const assignments = useTable("assignment");
  const worst = alarms[0];
  const loud = worst?.level === 1 && !worst.acknowledged ? worst : undefined;
  const late = alarms.find((one) => one.level === 2);
  const cause = loud ?? late;
  useUnlockBySomething();
  useTone(
    loud ? "escalated" : late ? "late" : null,
    cause ? (cause.assignment?.id ?? cause.incident.id) : null,
  );
  const act = worst ? firstAct(worst, show) : null;
  useDeskKeys(act ? [act] : []);
  if (!worst || !act) return <AlarmStrip alarm={null} lastAt={lastAcknowledged(assignments)} />;
  const { incident, assignment, clock } = worst;
  const over = clockFace(Date.parse(clock.from), clock.limitS ?? 0, nowS).text;
  const text = t("supervisor.alarm.text", {
    number: names.number(incident),
    what: names.type(incident),
    who: assignment ? names.job(assignment) : t("supervisor.late.nobody"),
    waits: t(`clock.${clock.wait}`).toLowerCase(),
    over,
  });
  return (
    <AlarmStrip
      alarm={{
        level: worst.level,
        acknowledged: worst.acknowledged,
        acts: [act],
        text: sound === "locked" ? `${text} ${t("supervisor.alarm.locked")}` : text,
      }}
    />
  );
}
