import { useNavigate } from "@tanstack/react-router";
import { useCatalogue } from "@/api/catalogue";
import { useT } from "@/i18n";
import { duration, wibTime } from "@/i18n/format";
import { useFeedAge } from "@/live/age";
import { useSecond } from "@/live/clock";
import { useRoom, useTable } from "@/live/room";
import { DeskLayout } from "@/ui/DeskLayout";
import { Icon } from "@/ui/Icon";
import { useNames } from "../assignment/names";
import { alarmsAt, type DeskAlarm } from "../dispatch/alarms";
import { choose as chooseIncident, chooseJob } from "../dispatch/desk";
import { CallbackPanel } from "./CallbackPanel";
import { CallsPanel } from "./CallsPanel";
import { callsOfDay } from "./calls";
import { alarmKey, LatePanel } from "./LatePanel";
import { PartsPanel } from "./PartsPanel";
import { QueuePanel } from "./QueuePanel";
import { SeatsPanel } from "./SeatsPanel";
import { SupervisorAlarm } from "./SupervisorAlarm";
import { Tiles } from "./Tiles";
import { useSticky } from "./useSticky";
import "./supervisor.css";

/** How old the room on the screen is; when the server is away, since when and what goes on without it. */
function Foot() {
  const t = useT();
  const { phase, ageS, lostSince } = useFeedAge();
  if (phase === "lost" && lostSince !== null) {
    return (
      <span className="row" role="alert">
        <Icon name="disconnected" />
        {t("supervisor.offline", { at: wibTime(lostSince) })}
      </span>
    );
  }
  return (
    <span className="t2">
      {t(phase === "loading" ? "connection.loading" : "supervisor.age", { age: duration(ageS) })}
    </span>
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
  const [chosen = null, choose] = useSticky(alarms ?? [], alarmKey, "late");
  const { phase } = useFeedAge();
  const unknown = alarms === null;
  const table = useTable("call");
  const calls = unknown ? null : callsOfDay(table, nowS);
  const openInDispatch = (alarm: DeskAlarm) => {
    chooseIncident(alarm.incident.id);
    if (alarm.assignment) chooseJob(alarm.assignment.id);
    void navigate({ to: "/dispatch" });
  };
  const old = phase === "lost" || phase === "stale";
  return (
    <DeskLayout
      screen={t("screen.supervisor")}
      columns={`supervisor${old ? " is-old" : ""}`}
      strip={
        <SupervisorAlarm
          alarms={alarms ?? []}
          names={names}
          nowS={nowS}
          show={(alarm) => choose(alarmKey(alarm))}
        />
      }
      foot={<Foot />}
      footUrgent={phase === "lost"}
    >
      <Tiles calls={calls} alarms={alarms} />
      <div className="col gap8">
        <QueuePanel unknown={unknown} />
        <SeatsPanel unknown={unknown} />
      </div>
      <div className="col gap8">
        <LatePanel
          alarms={alarms}
          names={names}
          chosen={chosen}
          choose={choose}
          openInDispatch={openInDispatch}
        />
        <PartsPanel />
      </div>
      <div className="col gap8">
        <CallbackPanel unknown={unknown} />
        <CallsPanel calls={calls} names={names} />
      </div>
    </DeskLayout>
  );
}
