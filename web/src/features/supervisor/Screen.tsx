import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useCatalogue } from "@/api/catalogue";
import { useT, useWord } from "@/i18n";
import { duration } from "@/i18n/format";
import { useFeedAge } from "@/live/age";
import { useSecond } from "@/live/clock";
import { useRoom } from "@/live/room";
import { DeskLayout } from "@/ui/DeskLayout";
import { Icon } from "@/ui/Icon";
import { useNames } from "../assignment/names";
import { alarmsAt, type DeskAlarm } from "../dispatch/alarms";
import { choose as chooseIncident, chooseJob } from "../dispatch/desk";
import { CallbackList } from "../intake/parts/CallbackList";
import { usePartsState } from "../wall/partsWords";
import { alarmKey, LatePanel } from "./LatePanel";
import { QueuePanel } from "./QueuePanel";
import { ReviewPanel } from "./ReviewPanel";
import { SeatsPanel } from "./SeatsPanel";
import { SupervisorAlarm } from "./SupervisorAlarm";
import "./supervisor.css";

/** The room's parts in words, and how old the screen is when it is old. */
function Foot() {
  const t = useT();
  const word = useWord();
  const parts = usePartsState(word);
  const age = useFeedAge();
  const ill = parts.state === "degraded" || parts.state === "away";
  return (
    <>
      <span className={`state${ill ? " near-words" : ""}`} role="status">
        <Icon name={ill ? "warning" : "signal"} />
        {parts.words}
      </span>
      <span className="vline" />
      <span className="t2">{t("connection.stale", { age: duration(age.ageS) })}</span>
    </>
  );
}

function useAlarms(nowS: number): DeskAlarm[] | null {
  const catalogue = useCatalogue();
  const tables = useRoom((room) => room.tables);
  const unknown = useRoom((room) => room.seq === 0 && room.phase !== "live");
  return catalogue && !unknown ? alarmsAt(tables, catalogue.clocks, nowS) : null;
}

/** The shift leader's desk: who waits, who sits where, what is late and whom to call, what should be heard again. */
export default function SupervisorScreen() {
  const t = useT();
  const nowS = useSecond();
  const names = useNames();
  const navigate = useNavigate();
  const alarms = useAlarms(nowS);
  const [chosenKey, choose] = useState<string | null>(null);
  const age = useFeedAge();
  const chosen = alarms?.find((one) => alarmKey(one) === chosenKey) ?? alarms?.[0] ?? null;
  const openInDispatch = (alarm: DeskAlarm) => {
    chooseIncident(alarm.incident.id);
    if (alarm.assignment) chooseJob(alarm.assignment.id);
    void navigate({ to: "/dispatch" });
  };
  const old = age.phase === "lost" || age.phase === "stale";
  return (
    <DeskLayout
      screen={t("screen.supervisor")}
      columns={`supervisor${old ? " hatched" : ""}`}
      strip={
        <SupervisorAlarm
          alarms={alarms ?? []}
          names={names}
          nowS={nowS}
          show={(alarm) => choose(alarmKey(alarm))}
        />
      }
      foot={<Foot />}
    >
      <div className="col gap8">
        <SeatsPanel unknown={alarms === null} />
        <QueuePanel />
      </div>
      <LatePanel
        alarms={alarms}
        names={names}
        chosen={chosen}
        choose={choose}
        openInDispatch={openInDispatch}
      />
      <div className="col gap8">
        <CallbackList />
        <ReviewPanel names={names} />
      </div>
    </DeskLayout>
  );
}
