import { useEffect, useMemo } from "react";
import { useCatalogue } from "@/api/catalogue";
import { useSession } from "@/app/session";
import { useT } from "@/i18n";
import { duration, wibTime } from "@/i18n/format";
import { useDeskKeys } from "@/keys/registry";
import { useFeedAge } from "@/live/age";
import { useSecond } from "@/live/clock";
import { useRoom, useRow } from "@/live/room";
import { DeskButton } from "@/ui/DeskButton";
import { DeskLayout } from "@/ui/DeskLayout";
import { EmptyState, LoadingBars } from "@/ui/States";
import { choose, taskInHand, useConsole } from "./console";
import { InboxList } from "./InboxList";
import { inboxAt, lastAccepted } from "./inbox";
import { OwnUnits } from "./OwnUnits";
import { TaskPanel } from "./TaskPanel";
import { callRoomAction } from "./taskActions";
import { WaitingStrip } from "./WaitingStrip";
import "../assignment/assignment.css";
import "../dispatch/dispatch.css";
import "./agency.css";

function useInbox(agency: string | null) {
  const nowS = useSecond();
  const catalogue = useCatalogue();
  const tables = useRoom((room) => room.tables);
  const loading = useRoom((room) => room.seq === 0 && room.phase !== "live");
  return useMemo(
    () => (catalogue && agency && !loading ? inboxAt(tables, agency, catalogue.clocks, nowS) : null),
    [catalogue, agency, loading, tables, nowS],
  );
}

function Foot({ agency }: { agency: string | null }) {
  const t = useT();
  const tables = useRoom((room) => room.tables);
  const { phase, lostSince } = useFeedAge();
  const last = agency ? lastAccepted(tables, agency) : null;
  const call = callRoomAction(t);
  useDeskKeys([call]);
  return (
    <>
      <DeskButton small icon="phone" action={call} />
      <span className="vline" />
      {phase === "lost" && lostSince !== null ? (
        <p className="old-data" role="alert">
          {t("opd.offline", { at: wibTime(lostSince) })}
        </p>
      ) : (
        <span className="t2">
          {last ? t("opd.last", { at: wibTime(last.at), age: duration(last.afterS) }) : t("opd.last.none")}
        </span>
      )}
      <span className="grow" />
    </>
  );
}

/** Konsol OPD: accept or refuse within the clock, choose own units, follow them, report the result. */
export default function AgencyConsole() {
  const t = useT();
  const who = useSession((session) => session.who);
  const agency = who?.agency ?? null;
  const row = useRow("agency", agency);
  const inbox = useInbox(agency);
  const chosenId = useConsole((one) => one.chosenId);
  const tasks = inbox?.groups.flatMap((group) => group.tasks) ?? [];
  const task = taskInHand(tasks, chosenId);
  const first = task?.incident.id;
  useEffect(() => {
    // What the keys act on must not change by itself once something is shown.
    if (first && first !== chosenId) choose(first);
  }, [first, chosenId]);
  const person = [row?.short_name, who?.account.display_name].filter(Boolean).join(" · ");
  return (
    <DeskLayout
      screen={t("screen.opd")}
      person={person}
      columns="opd-columns"
      strip={<WaitingStrip inbox={inbox} />}
      foot={<Foot agency={agency} />}
    >
      {inbox && agency ? (
        <>
          <InboxList inbox={inbox} chosenId={task?.incident.id ?? null} />
          {task ? (
            <TaskPanel key={task.incident.id} task={task} agency={agency} />
          ) : (
            <section className="panel" aria-label={t("opd.task")}>
              <EmptyState title={t("opd.empty")} fact={t("opd.empty.fact")} />
            </section>
          )}
          <OwnUnits agency={agency} />
        </>
      ) : agency ? (
        <LoadingBars what={t("opd.inbox")} />
      ) : (
        <EmptyState title={t("opd.noAgency")} fact={t("opd.noAgency.fact")} />
      )}
    </DeskLayout>
  );
}
