/** The verbs on assignments, incidents and units as the server offers them: one function a door. */
import { get, newKey, post } from "@/api/http";
import type { Assignment, Incident, UnitStatus } from "@/live/rows";
import type { Order, Recommendation } from "../dispatch/proposal";

const job = (id: string, verb: string) => `/assignments/${id}/${verb}`;

export const send = (incidentId: string, assign: readonly Order[]) =>
  post<{ assignments: Assignment[] }>(`/incidents/${incidentId}/assignments`, { assign });

export const recommendation = (incidentId: string, signal?: AbortSignal) =>
  get<Recommendation>(`/incidents/${incidentId}/recommendation`, signal ? { signal } : {});

/** `contact`: with whom the desk spoke; `unitIds`: which of its own units the agency sends, the first one first. */
export function acknowledge(id: string, more: { contact?: string; unitIds?: readonly string[] } = {}) {
  const [unit_id, ...further_unit_ids] = more.unitIds ?? [];
  return post<Assignment>(job(id, "acknowledge"), {
    ...(more.contact ? { contact: more.contact } : {}),
    ...(unit_id ? { unit_id, further_unit_ids } : {}),
  });
}

export const chooseUnits = (id: string, unitIds: readonly string[]) =>
  post(job(id, "units"), { unit_ids: unitIds });

export const step = (id: string, verb: "depart" | "arrive") => post<Assignment>(job(id, verb), {});

export const finish = (id: string, result: string | null) =>
  post<Assignment>(job(id, "finish"), result ? { result } : {});

export const reportResult = (id: string, result: string, note?: string) =>
  post<Assignment>(job(id, "result"), { result, ...(note ? { note } : {}) });

/** The version of the record that this was decided on: the server refuses it as `stale` if somebody was first. */
type AsSeen = { rev?: number };
/** A code of the catalogue, with words where the code is `other`. */
export type Reason = AsSeen & { reason: string; text?: string };

export const refuse = (id: string, why: Reason) => post<Assignment>(job(id, "refuse"), why);
export const cancel = (id: string, why: Reason) => post<Assignment>(job(id, "cancel"), why);
export const replace = (id: string, unitId: string, why: Reason) =>
  post(job(id, "replace"), { unit_id: unitId, ...why });
export const acknowledgeAlarm = (id: string) => post<Assignment>(job(id, "alarm/acknowledge"), {});

export const closeIncident = (id: string, results: Record<string, string>, seen: AsSeen = {}) =>
  post(`/incidents/${id}/close`, { results, ...seen });
export const cancelIncident = (id: string, why: Reason) => post(`/incidents/${id}/cancel`, why);
export const resolveByPhone = (id: string, result: string) => post(`/incidents/${id}/resolve`, { result });
export const writeNote = (id: string, text: string) => post(`/incidents/${id}/notes`, { text });
export const reclassify = (
  id: string,
  change: AsSeen & { type: string; priority?: string; reason?: string },
) => post(`/incidents/${id}/reclassify`, change);
export const openRestricted = (id: string, reason: string) => post(`/incidents/${id}/access`, { reason });

export type TimelineEntry = {
  seq: number;
  at: string;
  recorded_at: string;
  kind: string;
  actor: string;
  facts: Record<string, unknown>;
};
type Note = { id: string; written_by: string | null; written_at: string; text: string };
export type IncidentDetail = { incident: Incident; notes: Note[]; timeline: TimelineEntry[] };

export const incidentDetail = (id: string, signal?: AbortSignal) =>
  get<IncidentDetail>(`/incidents/${id}`, signal ? { signal } : {});

export const setUnitStatus = (id: string, status: UnitStatus, seen: AsSeen = {}) =>
  post(`/units/${id}/status`, { status, ...seen }, { key: newKey() });
