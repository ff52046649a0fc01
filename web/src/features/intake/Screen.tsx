import { useCallback, useEffect, useState } from "react";
import { isWaiting, useOutbox } from "@/api/outbox";
import { useSession } from "@/app/session";
import { useT, useWord } from "@/i18n";
import { useDeskKeys } from "@/keys/registry";
import { useRoom, useTable } from "@/live/room";
import { DeskLayout } from "@/ui/DeskLayout";
import { useKeepContacts } from "./contacts";
import { openDrafts } from "./draft/drafts";
import { CallBar } from "./parts/CallBar";
import { CallbackList } from "./parts/CallbackList";
import { CardPanel } from "./parts/CardPanel";
import { CorrectIncident } from "./parts/CorrectIncident";
import { DeskMap, type View, zoomFor } from "./parts/DeskMap";
import { EmergencyPanel, OutboxPanel } from "./parts/EmergencyPanel";
import { IncidentForm } from "./parts/IncidentForm";
import { OpenedIncident, WaitingIncident } from "./parts/OpenedIncident";
import { OpenIncidents } from "./parts/OpenIncidents";
import { OwnCalls } from "./parts/OwnCalls";
import { QueueStrip } from "./parts/QueueStrip";
import { SamePanel, useSame } from "./parts/SamePanel";
import { SeatGate } from "./parts/SeatGate";
import { SeatStatus } from "./parts/SeatStatus";
import { type Desk, useDesk } from "./useDesk";
import { useFindable } from "./useFindable";
import { useSeatLife } from "./useSeatLife";
import { followOutbox } from "./verbs";
import "./intake.css";

/** Meja Panggilan: answers, says what it was in one key, finds the place, opens the incident. */
export default function Screen() {
  const t = useT();
  const word = useWord();
  const name = useSession((session) => session.who?.account.display_name ?? "");
  const desk = useDesk();
  useSeatLife();
  useKeepContacts(useTable("agency"));
  useEffect(openDrafts, []);
  useEffect(followOutbox, []);
  const [showOutbox, setShowOutbox] = useState(false);
  const refused = useOutbox((box) => box.waiting.filter((line) => line.refused).length);
  const show = {
    id: "emergency.show",
    label: "intake.emergency.show" as const,
    keys: "F1",
    run: () => setShowOutbox(!showOutbox),
  };
  const { seat } = desk.seat;
  return (
    <DeskLayout
      screen={t("intake.title")}
      person={seat ? t("intake.person", { seat: word("seat", seat), name }) : name}
      status={<SeatStatus />}
      emergency
      strip={<CallBar desk={desk} />}
      columns="intake"
      foot={<QueueStrip desk={desk} show={show} refused={refused} />}
      footUrgent={desk.away}
    >
      {(desk.away || refused > 0) && <Keys action={show} />}
      <Work desk={desk} showOutbox={showOutbox && (desk.away || refused > 0)} />
    </DeskLayout>
  );
}

function Keys({ action }: { action: Parameters<typeof useDeskKeys>[0][number] }) {
  useDeskKeys([action]);
  return null;
}

/** The whole regency: what the map shows while no form is open. */
const OVERVIEW: View = { lon: 106.52, lat: -6.19, zoom: 10.3 };

/** Where the map looks: at the best evidence when a form opens, later only where the person asks. */
function useView(desk: Desk): {
  view: View | null;
  look: (lon: number, lat: number, uncertaintyM: number | null) => void;
} {
  const [view, setView] = useState<View | null>(null);
  const look = useCallback(
    (lon: number, lat: number, uncertaintyM: number | null) =>
      setView({ lon, lat, zoom: zoomFor(uncertaintyM) }),
    [],
  );
  const about = desk.draft?.id ?? null;
  const best = desk.draft?.place ?? desk.evidence[0] ?? null;
  const known = best !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the map moves when a form opens or its first evidence comes, goes back when it closes, and never moves by itself
  useEffect(() => {
    if (!about) setView((before) => before && OVERVIEW);
    else if (best) look(best.lon, best.lat, "uncertainty_m" in best ? best.uncertainty_m : best.uncertaintyM);
  }, [about, known]);
  return { view, look };
}

function Work({ desk, showOutbox }: { desk: Desk; showOutbox: boolean }) {
  const [chosenId, setChosen] = useState<string | null>(null);
  const { view, look } = useView(desk);
  const same = useSame(desk);
  const choose = useCallback(
    (id: string) => {
      setChosen(id);
      const one = useRoom.getState().tables.incident[id];
      if (one?.lon != null && one.lat != null) look(one.lon, one.lat, null);
    },
    [look],
  );
  useFindable(choose, look);
  const { draft } = desk;
  const seated = desk.seat.link === "open" || desk.seat.link === "lost" || desk.seat.link === "connecting";
  const editing = draft && (!draft.incidentId || draft.correcting);
  return (
    <>
      <Left desk={desk} seated={seated} onLook={look} />
      <DeskMap desk={desk} view={view} onLook={look} chosenId={chosenId} onChoose={choose} />
      <div className="col gap8">
        {desk.away && <EmergencyPanel />}
        {showOutbox && <OutboxPanel />}
        {!desk.away && editing && same.length > 0 && <SamePanel draft={draft} same={same} />}
        {editing ? (
          <CardPanel draft={draft} />
        ) : (
          <>
            {!desk.away && <CallbackList />}
            <OpenIncidents unknown={desk.unknown} chosenId={chosenId} onChoose={choose} />
          </>
        )}
      </div>
    </>
  );
}

function Left({
  desk,
  seated,
  onLook,
}: {
  desk: Desk;
  seated: boolean;
  onLook: (lon: number, lat: number, uncertaintyM: number | null) => void;
}) {
  const { draft, incident } = desk;
  useOutbox();
  if (draft) {
    if (incident && draft.correcting) {
      return <CorrectIncident key={draft.id} desk={desk} draft={draft} incident={incident} onLook={onLook} />;
    }
    if (incident) return <OpenedIncident key={draft.id} desk={desk} draft={draft} incident={incident} />;
    if (draft.waitingKey && isWaiting(draft.waitingKey)) return <WaitingIncident desk={desk} draft={draft} />;
    return <IncidentForm key={draft.id} desk={desk} draft={draft} onLook={onLook} />;
  }
  return seated ? <OwnCalls unknown={desk.unknown} /> : <SeatGate />;
}
