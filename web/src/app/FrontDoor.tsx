import { Navigate } from "@tanstack/react-router";
import { useChairs } from "@/features/demo/useChairs";
import { useT } from "@/i18n";
import { LoadingBars } from "@/ui/States";
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

/** `/`: a signed-in person's own screen, else the way in. */
export function FrontDoor() {
  const { phase, who } = useSession();
  if (phase === "asking") return null;
  return who ? <Navigate to={who.home === "/" ? "/masuk" : who.home} replace /> : <Unknown />;
}
