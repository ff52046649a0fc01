import type { ReactNode } from "react";
import { PersonMenu } from "@/app/PersonMenu";
import { SignInAgain } from "@/app/SignInAgain";
import { useT } from "@/i18n";
import { duration, wibTime } from "@/i18n/format";
import { PaletteBox } from "@/keys/PaletteBox";
import { useFeedAge } from "@/live/age";
import { useSecond } from "@/live/clock";
import { Icon } from "./Icon";

/** Connection to the room, in words; over 10 s of silence it says the age. */
function ConnectionState({ emergency }: { emergency?: boolean }) {
  const t = useT();
  const { phase, ageS } = useFeedAge();
  if (phase === "lost" && emergency) {
    return (
      <span className="emergency-tag" role="status">
        <Icon name="disconnected" />
        {t("connection.emergency")}
      </span>
    );
  }
  if (phase === "live") {
    return (
      <span className="state ready s13">
        <Icon name="signal" />
        {t("connection.live")}
      </span>
    );
  }
  if (phase === "loading") return <span className="state s13 t2">{t("connection.loading")}</span>;
  return (
    <span className="emergency-tag" role="status">
      <Icon name={phase === "lost" ? "disconnected" : "clock"} />
      {t(phase === "lost" ? "connection.lost" : "connection.stale", { age: duration(ageS) })}
    </span>
  );
}

export function WallClock() {
  const now = useSecond();
  return (
    <>
      <span className="wall-clock" role="timer">
        {wibTime(now * 1000)}
      </span>
      <span className="t3 s12">WIB</span>
    </>
  );
}

type Props = {
  screen: string;
  /** Seat and person: "Meja 2 · Operator Demo 2". */
  person?: ReactNode;
  /** State of this seat, left of the connection. */
  status?: ReactNode;
  /** True where losing the server is a mode of work (the call desk). */
  emergency?: boolean;
  /** Of screens that do not live from the room's stream: how their own figures are connected. */
  connection?: ReactNode;
};

export function TopBar({ screen, person, status, emergency, connection }: Props) {
  const t = useT();
  return (
    <header className="topbar">
      <span className="brand">
        {t("app.name")} <i>112</i>
      </span>
      <span className="t2 s13 wide-only">{t("app.regency")}</span>
      <h1 className="screen-name">{screen}</h1>
      <PersonMenu>{person}</PersonMenu>
      <span className="grow" />
      <PaletteBox />
      {status}
      {connection ?? <ConnectionState emergency={emergency} />}
      <WallClock />
      <SignInAgain />
    </header>
  );
}
