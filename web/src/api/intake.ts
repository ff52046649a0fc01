/** The call-taker's doors. Types are the server's own. */
import type {
  AccessView,
  CallbackOutcome,
  CallbackView,
  HistoryView,
  IncidentDetail,
  IncidentView,
  Locate,
  OpenIncident,
  Reclassify,
  RecordingLink,
} from "./generated/types.gen";
import { get, post } from "./http";

export type { CallbackOutcome, Classify, IntakeChannel, OpenIncident } from "./generated/types.gen";

export const openIncident = (body: OpenIncident, key: string) =>
  post<IncidentView>("/incidents", body, { key });
export const readIncident = (id: string) => get<IncidentDetail>(`/incidents/${id}`);
export const locate = (id: string, body: Locate) => post<IncidentView>(`/incidents/${id}/locate`, body);
export const reclassify = (id: string, body: Reclassify) =>
  post<IncidentView>(`/incidents/${id}/reclassify`, body);
export const openRestricted = (id: string, reason: string) =>
  post<AccessView>(`/incidents/${id}/access`, { reason });
export const numberHistory = (callId: string) => get<HistoryView>(`/calls/${callId}/history`);
export const askRecording = (callId: string, reason: string) =>
  post<RecordingLink>(`/calls/${callId}/recording`, { reason });
export const finishCallback = (id: string, outcome: CallbackOutcome) =>
  post<CallbackView>(`/callbacks/${id}/done`, { outcome });

/** Paths of what goes through the outbox, so that it is never lost while the server is away. */
export const path = {
  disposition: (callId: string) => `/calls/${callId}/disposition`,
  undo: (callId: string) => `/calls/${callId}/disposition/undo`,
  callNote: (callId: string) => `/calls/${callId}/note`,
  incidents: "/incidents",
  attach: (incidentId: string) => `/incidents/${incidentId}/calls`,
  notes: (incidentId: string) => `/incidents/${incidentId}/notes`,
};
