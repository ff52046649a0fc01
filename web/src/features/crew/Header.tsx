import { useSyncExternalStore } from "react";
import { useOutbox } from "@/api/outbox";
import { PersonMenu } from "@/app/PersonMenu";
import { SignInAgain } from "@/app/SignInAgain";
import { useTheme, wear } from "@/app/theme";
import { useT } from "@/i18n";
import { shortNumber, wibShort } from "@/i18n/format";
import { useFeedAge } from "@/live/age";
import { useSecond } from "@/live/clock";
import type { Incident, Unit } from "@/live/rows";
import { Icon } from "@/ui/Icon";
import { Priority } from "@/ui/Priority";
import { HELD_S, takeBack, useHeld } from "./held";
import { LANE } from "./phone";

function useOnLine(): boolean {
  return useSyncExternalStore(
    (heard) => {
      window.addEventListener("online", heard);
      window.addEventListener("offline", heard);
      return () => {
        window.removeEventListener("online", heard);
        window.removeEventListener("offline", heard);
      };
    },
    () => navigator.onLine,
  );
}

/** The step just pressed, and the seconds in which it can be taken back. */
export function HeldBand() {
  const t = useT();
  const { line, untilMs } = useHeld();
  useSecond();
  if (!line) return null;
  const left = Math.min(HELD_S, Math.max(1, Math.ceil((untilMs - Date.now()) / 1000)));
  return (
    <p className="signal-band held-band" role="status">
      <span className="grow">
        <b>{line.label}</b> <span className="t2">{t("crew.held", { n: left })}</span>
      </span>
      <button type="button" className="btn" onClick={takeBack}>
        <Icon name="x" />
        {t("undo.button")}
      </button>
    </p>
  );
}

/** Without signal: what still works, and how many presses wait. Also the server's refusals are told in their place. */
export function SignalBand() {
  const t = useT();
  const { phase } = useFeedAge();
  const waiting = useOutbox((box) => box.waiting).filter((line) => line.lane === LANE && !line.refused);
  const held = useHeld((one) => one.line);
  const onLine = useOnLine();
  if (held) return null;
  if (phase === "live" && onLine && waiting.length === 0) return null;
  if (phase === "loading" && waiting.length === 0) return null;
  const away = !onLine || phase === "lost" || phase === "stale";
  return (
    <p className="signal-band" role="status">
      <Icon name={away ? "disconnected" : "clock"} />
      {t(away ? "crew.noSignal" : "crew.sending", { n: waiting.length })}
    </p>
  );
}

export function PhoneHeader({ unit, incident }: { unit: Unit | null; incident: Incident | null }) {
  const t = useT();
  const nowS = useSecond();
  const { phase } = useFeedAge();
  const sun = useTheme((one) => one.theme === "surya");
  return (
    <header className="phone-bar">
      <PersonMenu>
        <b className="phone-sign">{unit?.code ?? "–"}</b>
      </PersonMenu>
      {incident ? (
        <>
          <span className="t2">{shortNumber(incident.short_number)}</span>
          <Priority code={incident.priority} />
        </>
      ) : (
        <span className="t2 ellipsis phone-station">{unit?.station}</span>
      )}
      <span className="grow" />
      {phase === "live" && !incident && (
        <span className="state ready s13">
          <Icon name="signal" />
          {t("connection.live")}
        </span>
      )}
      <button
        type="button"
        className="btn small sun-switch"
        aria-pressed={sun}
        onClick={() => wear(sun ? "gelap" : "surya")}
      >
        {t(sun ? "crew.night" : "crew.sun")}
      </button>
      <span>{wibShort(nowS * 1000)}</span>
      <SignInAgain />
    </header>
  );
}
