import { useCatalogue } from "@/api/catalogue";
import { SignInAgain } from "@/app/SignInAgain";
import { useT } from "@/i18n";
import { wibTime } from "@/i18n/format";
import { useFeedAge } from "@/live/age";
import { useSecond } from "@/live/clock";
import { useRoom } from "@/live/room";
import { useNames } from "../assignment/names";
import { isOpen } from "../dispatch/board";
import { useScale } from "./useScale";
import { WallControls } from "./WallControls";
import { WallFoot } from "./WallFoot";
import { WallList } from "./WallList";
import { WallMap } from "./WallMap";
import { WallNumbers } from "./WallNumbers";
import { wallAt } from "./wallRoom";
import "./wall.css";

function Head() {
  const t = useT();
  const now = useSecond();
  return (
    <header className="wall-head">
      <h1>{t("wall.title")}</h1>
      <span className="t2 regency">{t("app.regency")}</span>
      <span className="grow" />
      <span className="wall-time" role="timer">
        {wibTime(now * 1000)}
      </span>
    </header>
  );
}

/** The room at a glance from ten metres: no names, no numbers of people, no restricted cases, no pointer needed. */
export default function WallScreen() {
  const { scale, width, height } = useScale();
  const nowS = useSecond();
  const catalogue = useCatalogue();
  const names = useNames();
  const tables = useRoom((room) => room.tables);
  const unknown = useRoom((room) => room.seq === 0 && room.phase !== "live");
  const age = useFeedAge();
  const room = catalogue && !unknown ? wallAt(tables, catalogue.clocks, nowS) : null;
  const old = room !== null && (age.phase === "lost" || age.phase === "stale");
  return (
    <>
      <div className={`wall${old ? " old" : ""}`} style={{ width, height, transform: `scale(${scale})` }}>
        <Head />
        <WallNumbers room={room} nowS={nowS} />
        <main className="wall-work">
          <section className="panel">
            <WallMap incidents={Object.values(tables.incident).filter(isOpen)} names={names} />
          </section>
          <WallList room={room} names={names} />
        </main>
        <WallFoot room={room} age={age} />
      </div>
      <WallControls />
      <SignInAgain />
    </>
  );
}
