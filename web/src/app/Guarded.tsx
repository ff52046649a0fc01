import { Navigate } from "@tanstack/react-router";
import { type ComponentType, lazy, Suspense } from "react";
import { useT } from "@/i18n";
import { LoadingBars } from "@/ui/States";
import { Denied, NotFound } from "./Fallbacks";
import { codeOf, SCREENS, type ScreenSpec } from "./screens";
import { useSession } from "./session";

const PARTS = new Map<string, ComponentType>();
for (const spec of SCREENS) {
  const load = codeOf(spec);
  if (load) PARTS.set(spec.name, lazy(load));
}

/** Lets a person into a screen that their permissions open; the server decides again on every request. */
export function Guarded({ spec }: { spec: ScreenSpec }) {
  const t = useT();
  const { phase, who } = useSession();
  if (spec.permission !== null) {
    if (phase === "asking") return <LoadingBars what={t("app.name")} />;
    if (!who) return <Navigate to="/masuk" replace />;
    if (!who.permissions.includes(spec.permission)) return <Denied spec={spec} />;
  }
  const Part = PARTS.get(spec.name);
  if (!Part) return <NotFound missing />;
  return (
    <Suspense fallback={<LoadingBars what={t(`screen.${spec.name}`)} />}>
      <Part />
    </Suspense>
  );
}
