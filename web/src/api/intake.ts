import type { Call, CallDisposition, Incident, Priority } from "@/live/rows";
import { get, post } from "./http";

export type IncidentNote = { id: string; written_at: string; text: string };
export type TimelineEntry = {
  seq: number;
  at: string;
  recorded_at: string;
  kind: string;
  actor: unknown;
  facts: Record<string, unknown>;
};
export type IncidentDetail = {
  incident: Incident;
  calls: Call[];
  timeline: TimelineEntry[];
};

export type NumberHistory = {
  call_id: string;
  number_class: string;
  calls_24h: number;
  calls_30d: number;
  junk_24h: number;
  junk_30d: number;
  incidents_30d: number;
};

export type PlaceBody = { lon: number; lat: number; text: string; landmark?: string; uncertainty_m?: number };

export const openIncident = (body: unknown, key: string) => post<Incident>("/incidents", body, { key });
export const readIncident = (id: string) => get<IncidentDetail>(`/incidents/${id}`);
export const locate = (id: string, place: PlaceBody) => post<Incident>(`/incidents/${id}/locate`, { place });
export const reclassify = (id: string, body: { type: string; priority?: Priority; reason?: string }) =>
  post<Incident>(`/incidents/${id}/reclassify`, body);
export const openRestricted = (id: string, reason: string) =>
  post<unknown>(`/incidents/${id}/access`, { reason });
export const numberHistory = (callId: string) => get<NumberHistory>(`/calls/${callId}/history`);
export const askRecording = (callId: string, reason: string) =>
  post<{ url: string; expires_at: string }>(`/calls/${callId}/recording`, { reason });
export const finishCallback = (id: string, outcome: string) =>
  post<unknown>(`/callbacks/${id}/done`, { outcome });

/** Paths of what goes through the outbox, so that it is never lost while the server is away. */
export const path = {
  disposition: (callId: string) => `/calls/${callId}/disposition`,
  undo: (callId: string) => `/calls/${callId}/disposition/undo`,
  callNote: (callId: string) => `/calls/${callId}/note`,
  incidents: "/incidents",
  attach: (incidentId: string) => `/incidents/${incidentId}/calls`,
  notes: (incidentId: string) => `/incidents/${incidentId}/notes`,
};

export type DispositionBody = { disposition: CallDisposition; at: string };
