/** The map of every screen. MapLibre is a lazy chunk: a list never waits for it. */
import { lazy, Suspense } from "react";
import { useT } from "@/i18n";
import { LoadingBars } from "@/ui/States";
import type { OpsMapProps } from "./OpsMap";

const Lazy = lazy(() => import("./OpsMap"));

export function OpsMap(props: OpsMapProps) {
  const t = useT();
  return (
    <Suspense fallback={<LoadingBars what={t("map.loading")} />}>
      <Lazy {...props} />
    </Suspense>
  );
}

export { EvidenceLayer } from "./layers/EvidenceLayer";
export { IncidentLayer } from "./layers/IncidentLayer";
export { PinLayer } from "./layers/PinLayer";
export { UnitLayer, unitPlace } from "./layers/UnitLayer";
