import { useCallback, useMemo, useState } from "react";
import { useCatalogue, useNamed } from "@/api/catalogue";
import { useSession } from "@/app/session";
import { useT } from "@/i18n";
import { wibTime } from "@/i18n/format";
import { useFeedAge } from "@/live/age";
import { useTable } from "@/live/room";
import type { Incident } from "@/live/rows";
import { DeskLayout } from "@/ui/DeskLayout";
import { Icon } from "@/ui/Icon";
import { LoadingBars } from "@/ui/States";
import { isLive } from "../assignment/clocks";
import { AlarmBar } from "./AlarmBar";
import { byIncident } from "./board";
import { Detail } from "./Detail";
import { DispatchCommand } from "./DispatchCommand";
import { DispatchMap } from "./DispatchMap";
import { useDesk } from "./desk";
import { IncidentList } from "./IncidentList";
import { SentBar } from "./SentBar";
import { UnitColumn } from "./UnitColumn";
import { type DeskData, useBoard } from "./useBoard";
import { useFindable } from "./useFindable";
import { useProposal } from "./useProposal";
import "../assignment/assignment.css";
import "./dispatch.css";

/** The chosen incident with its map: one proposal feeds both. */
function Middle({ incident, data }: { incident: Incident; data: DeskData }) {
  const assignments = useTable("assignment");
  const own = useMemo(() => byIncident(assignments).get(incident.id) ?? [], [assignments, incident.id]);
  const proposal = useProposal(incident, own);
  const view = useDesk((desk) => desk.view) ?? (own.length > 0 ? "follow" : "proposal");
  const proposed = proposal.rows.filter((row) => row.kind === "unit" && proposal.marked.has(row.id));
  const onTheWay = own.filter((job) => isLive(job) && job.state !== "arrived").map((job) => job.unit_id);
  return (
    <div className="dispatch-middle">
      <DispatchMap
        chosen={incident}
        alarms={data.alarms}
        named={
          view === "proposal" ? proposed.map((row) => row.id) : onTheWay.filter((unitId) => unitId !== null)
        }
        proposed={view === "proposal"}
        nowS={data.nowS}
      />
      <Detail key={incident.id} incident={incident} assignments={own} proposal={proposal} />
    </div>
  );
}

function Quiet({ data }: { data: DeskData }) {
  const t = useT();
  return (
    <div className="dispatch-middle">
      <DispatchMap chosen={null} alarms={data.alarms} named={[]} proposed nowS={data.nowS} />
      <section className="panel dispatch-detail" aria-label={t("dispatch.detail")}>
        <div className="empty">
          <b>{t("dispatch.empty")}</b>
          <span className="t2 s13">{t("dispatch.empty.fact")}</span>
        </div>
      </section>
    </div>
  );
}

/** Since when the server is away, and what to do by hand meanwhile. */
function OldData() {
  const t = useT();
  const { phase, lostSince } = useFeedAge();
  if (phase !== "lost" || lostSince === null) return null;
  return (
    <p className="old-data" role="alert">
      {t("dispatch.offline", { at: wibTime(lostSince) })}
    </p>
  );
}

/** No rows yet: whether something alarms is not known, and the strip must not say that nothing does. */
function NoData() {
  const t = useT();
  return (
    <section className="alarm" aria-label={t("dispatch.alarm.unknown")}>
      <Icon name="clock" />
      <span>{t("dispatch.alarm.unknown")}</span>
    </section>
  );
}

/** Meja Dispatch: every open incident and unit, on list and map; send, follow, close. */
export default function DispatchBoard() {
  const t = useT();
  const named = useNamed();
  const catalogue = useCatalogue();
  const [held, hold] = useState(false);
  const data = useBoard(held);
  const person = useSession((session) => session.who?.account.display_name);
  const { phase } = useFeedAge();
  const typeOf = useCallback(
    (code: string | undefined) => named(catalogue?.incident_types, code),
    [named, catalogue],
  );
  useFindable(typeOf);
  return (
    <DeskLayout
      screen={t("screen.dispatch")}
      person={person}
      columns={`dispatch-columns${phase === "lost" ? " is-old" : ""}`}
      strip={data ? <AlarmBar alarms={data.alarms} nowS={data.nowS} /> : <NoData />}
      foot={
        <>
          <DispatchCommand chosen={data?.chosen ?? null} />
          <SentBar />
          <OldData />
        </>
      }
    >
      {data ? (
        <>
          <IncidentList board={data.board} chosenId={data.chosen?.id ?? null} onHold={hold} />
          {data.chosen ? <Middle incident={data.chosen} data={data} /> : <Quiet data={data} />}
          <UnitColumn groups={data.units.groups} counts={data.units.counts} nowS={data.nowS} />
        </>
      ) : (
        <LoadingBars what={t("dispatch.loading")} />
      )}
    </DeskLayout>
  );
}
