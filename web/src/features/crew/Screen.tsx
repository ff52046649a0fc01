import { useEffect } from "react";
import { useSession } from "@/app/session";
import { useT } from "@/i18n";
import { EmptyState, LoadingBars } from "@/ui/States";
import { useTone, useUnlockBySomething } from "../assignment/tones";
import { HeldBand, PhoneHeader, SignalBand } from "./Header";
import { releaseKept, releaseWhenHidden } from "./held";
import { Idle } from "./Idle";
import { useKept } from "./keep";
import { NewTask } from "./NewTask";
import { Refused } from "./Refused";
import { Start } from "./Start";
import { UnderWay } from "./UnderWay";
import { type Crew, useCrew } from "./useCrew";
import { type PositionState, usePosition } from "./usePosition";
import "../assignment/assignment.css";
import "./crew.css";

const start = () => useKept.setState({ watching: true });

function Body({ crew, position }: { crew: Crew; position: PositionState }) {
  const watching = useKept((one) => one.watching);
  const { state, unit } = crew.phone;
  if (state === "sent") return <NewTask crew={crew} />;
  if (state) return <UnderWay crew={crew} />;
  if (!watching) return <Start onStart={start} />;
  return <Idle unit={unit} position={position} />;
}

/** Aplikasi Lapangan: a new task sounds until it is taken; then one thumb tells how far it is, with or without signal. */
export default function CrewPhone() {
  const t = useT();
  const unitId = useSession((session) => session.who?.unit_id ?? null);
  const watching = useKept((one) => one.watching);
  const busy = useKept((one) => one.kept?.job !== null && one.kept?.job !== undefined);
  useUnlockBySomething();
  useEffect(() => {
    releaseKept();
    return releaseWhenHidden();
  }, []);
  const { state, at } = usePosition(unitId, watching || busy);
  const crew = useCrew(at);
  const waits = crew?.phone.state === "sent" ? crew.phone.job : null;
  useTone(waits ? "task" : null, waits ? `${waits.id}.${waits.escalation}` : null);
  return (
    <div className="phone">
      <PhoneHeader unit={crew?.phone.unit ?? null} incident={crew?.phone.incident ?? null} />
      <HeldBand />
      <SignalBand />
      <Refused />
      {crew ? (
        <Body key={crew.phone.job?.id ?? "idle"} crew={crew} position={state} />
      ) : unitId ? (
        <LoadingBars what={t("screen.lapangan")} />
      ) : (
        <EmptyState title={t("crew.noUnit")} fact={t("crew.noUnit.fact")} />
      )}
    </div>
  );
}
