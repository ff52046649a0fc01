/** The room's words and policies as the server publishes them: types, reasons, results, moves, clocks. Kept in the
 * browser, so that a phone without signal and a reloaded seat still know them. */
import { useCallback, useEffect } from "react";
import { create } from "zustand";
import { type Language, useLanguage } from "@/i18n";
import type { AssignmentState, Priority, UnitStatus } from "@/live/rows";
import { get, Offline, Problem } from "./http";

export type Named = { code: string; name: Record<Language, string> };

export type IncidentTypeInfo = Named & {
  category: string;
  national_group: string;
  agencies: string[];
  priority: Priority;
  restricted: boolean;
  tell_supervisor: boolean;
};

export type AssignmentMove = {
  from: AssignmentState;
  verb: string;
  to: AssignmentState;
  flag: string | null;
};

type UnitStatusInfo = Named & { code: UnitStatus; readiness: string; by_hand_to: UnitStatus[] };

type PriorityClocks = {
  ack_alert_s: number;
  next_unit_s: number;
  supervisor_s: number;
  agency_head_s: number;
  depart_s: number;
  send_s?: number | null;
};

/** How near and how recent an open incident is that a caller may be telling about again. */
export type SameLimits = { same_within_m: number; same_within_s: number };

export type Catalogue = {
  national_groups: Named[];
  categories: (Named & { national_group: string; restricted: boolean })[];
  incident_types: IncidentTypeInfo[];
  incident_states: Named[];
  priorities: Named[];
  intake_channels: Named[];
  dangers: Named[];
  call_states: Named[];
  call_dispositions: Named[];
  not_ready_reasons: Named[];
  assignment_moves: AssignmentMove[];
  refusal_reasons: Named[];
  cancel_reasons: Named[];
  results: Named[];
  unit_types: (Named & { turnout_s: number })[];
  unit_statuses: UnitStatusInfo[];
  /** `lon`, `lat`: the point of its label, inside it. */
  kecamatan?: { code: string; name: string; lon: number; lat: number }[];
  desa?: { code: string; name: string; kecamatan_code?: string; lon: number; lat: number }[];
  clocks: {
    by_priority: Record<Priority, PriorityClocks>;
    arrive_factor: number;
    arrive_default_s: number;
    arrive_least_s: number;
    result_s?: number | null;
  };
  /** Absent only in what an older server's visit left in the browser. */
  call_limits?: { undo_s: number; junk_look_s: number };
  incident_limits?: SameLimits;
};

const KEPT_AS = "sigap.catalogue";

function kept(): Catalogue | null {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS) ?? "null") as Catalogue | null;
  } catch {
    return null;
  }
}

export const useCatalogueStore = create<{ catalogue: Catalogue | null }>()(() => ({ catalogue: kept() }));

const AGAIN_MS = 5000;
let asking = false;

/** Asks once a visit; while the server is away or nobody is signed in, again every few seconds. */
async function ask(): Promise<void> {
  if (asking) return;
  asking = true;
  try {
    const catalogue = await get<Catalogue>("/catalogue");
    localStorage.setItem(KEPT_AS, JSON.stringify(catalogue));
    useCatalogueStore.setState({ catalogue });
  } catch (error) {
    if (!(error instanceof Offline || error instanceof Problem)) throw error;
    setTimeout(() => {
      asking = false;
      void ask();
    }, AGAIN_MS);
  }
}

/** The catalogue; null only before it was ever read in this browser. */
export function useCatalogue(): Catalogue | null {
  useEffect(() => void ask(), []);
  return useCatalogueStore((store) => store.catalogue);
}

export type NameOf = (list: readonly Named[] | undefined, code: string | null | undefined) => string;

/** A code of one of the catalogue's lists in the person's language; the bare code where the list has none. */
export function useNamed(): NameOf {
  const language = useLanguage((state) => state.language);
  return useCallback(
    (list, code) => (code ? (list?.find((one) => one.code === code)?.name[language] ?? code) : "–"),
    [language],
  );
}
