import { useMemo } from "react";
import { useCatalogue } from "@/api/catalogue";
import { useT } from "@/i18n";
import { distance, duration, shortNumber } from "@/i18n/format";
import { secondsSince, useSecond } from "@/live/clock";
import { useRoom, useTable } from "@/live/room";
import { EvidenceLayer, IncidentLayer, OpsMap, PinLayer, UnitLayer } from "@/map";
import { openIncidents } from "../calls";
import type { Draft } from "../draft/draft";
import { changeDraft } from "../draft/drafts";
import { evidenceKind } from "../evidenceWords";
import type { Desk } from "../useDesk";
import { EvidencePanel } from "./EvidencePanel";

export type View = { lon: number; lat: number; zoom: number };

/** Zoom at which a circle of this many metres fills about a third of the map. */
export function zoomFor(uncertaintyM: number | null): number {
  if (uncertaintyM === null) return 16;
  return Math.min(17, Math.max(11, 16.3 - Math.log2(Math.max(uncertaintyM, 40) / 60)));
}

type Props = {
  desk: Desk;
  view: View | null;
  onLook: (lon: number, lat: number, uncertaintyM: number | null) => void;
  chosenId: string | null;
  onChoose: (id: string) => void;
};

/** The map of the call desk: evidence, the chosen place, and what is already going on around it. */
export function DeskMap({ desk, view, onLook, chosenId, onChoose }: Props) {
  const t = useT();
  const { draft } = desk;
  const editing = draft && (!draft.incidentId || draft.correcting) ? draft : null;
  const pick = useMemo(
    () => (editing ? (lon: number, lat: number) => pin(editing, lon, lat) : undefined),
    [editing],
  );
  const marks = useMemo(
    () =>
      desk.evidence.map((item, at) => ({
        id: `${at}`,
        lon: item.lon,
        lat: item.lat,
        uncertaintyM: item.uncertainty_m,
        line: evidenceKind(item).line,
        caption: `${at + 1} · ${t(evidenceKind(item).label)} ${item.uncertainty_m ? `±${distance(item.uncertainty_m)}` : ""}`,
      })),
    [desk.evidence, t],
  );
  return (
    <div className="panel">
      <OpsMap view={view} onPick={pick}>
        {draft && <EvidenceLayer marks={marks} />}
        <Around
          near={Boolean(draft?.place) || (draft !== null && marks.length > 0)}
          chosenId={chosenId}
          onChoose={onChoose}
        />
        {editing?.place && <Pin draft={editing} />}
      </OpsMap>
      {editing?.callId && <EvidencePanel desk={desk} draft={editing} onLook={onLook} />}
    </div>
  );
}

function pin(draft: Draft, lon: number, lat: number): void {
  changeDraft(draft, { place: { lon, lat, text: draft.words.trim(), uncertaintyM: null, from: "pin" } });
}

function Pin({ draft }: { draft: Draft }) {
  const catalogue = useCatalogue();
  const type = catalogue?.incident_types.find((one) => one.code === draft.type);
  return draft.place ? (
    <PinLayer lon={draft.place.lon} lat={draft.place.lat} priority={type?.priority ?? null} />
  ) : null;
}

type AroundProps = { near: boolean; chosenId: string | null; onChoose: (id: string) => void };

/** Incidents and their units; how long ago is told only near by, where there is room for it. */
function Around({ near, chosenId, onChoose }: AroundProps) {
  const t = useT();
  const now = useSecond();
  const incidents = openIncidents(useTable("incident"));
  const units = useTable("unit");
  const positions = useRoom((room) => room.positions);
  const active = Object.values(units).filter((unit) => unit.active && unit.assignment_id);
  return (
    <>
      <UnitLayer units={active} positions={positions} nowS={now} />
      <IncidentLayer
        incidents={incidents}
        chosenId={chosenId}
        onChoose={onChoose}
        caption={(one) =>
          near
            ? `${shortNumber(one.short_number)} · ${t("intake.same.ago", { age: duration(secondsSince(one.opened_at, now)) })}`
            : shortNumber(one.short_number)
        }
      />
    </>
  );
}
