import { Navigate } from "@tanstack/react-router";
import { useChairs } from "@/features/demo/useChairs";
import { useT } from "@/i18n";
import { LoadingBars } from "@/ui/States";
import { TopBar } from "@/ui/TopBar";
import { Guarded } from "./Guarded";
import { SCREENS, type ScreenSpec } from "./screens";
import { useSession } from "./session";

const DEMO = SCREENS.find((spec) => spec.name === "demo") as ScreenSpec;

/** Where nobody is signed in: the demo's page where this is a demo, else the sign-in form. */
function Unknown() {
  const t = useT();
  const { chairs, failed } = useChairs();
  if (chairs) return <Guarded spec={DEMO} />;
  return failed ? <Navigate to="/masuk" replace /> : <LoadingBars what={t("app.name")} />;
}

/** Where a signed-in person has no screen of their own: the administrator, whose work is done on the server. */
function NoScreen() {
  const t = useT();
  return (
    <div className="desk">
      <TopBar screen={t("app.name")} connection={<span />} />
      <div className="panel-body">
        <b>{t("app.noScreen")}</b>
        <span className="t2">{t("app.noScreen.server")}</span>
      </div>
    </div>
  );
}

/** `/`: a signed-in person's own screen, else the way in. */
export function FrontDoor() {
  const { phase, who } = useSession();
  if (phase === "asking") return null;
  if (!who) return <Unknown />;
  return who.home === "/" ? <NoScreen /> : <Navigate to={who.home} replace />;
}
