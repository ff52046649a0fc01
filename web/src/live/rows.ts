/** Rows of the room as the stream sends them. Fields marked personal are absent for those who may not read them. */

export type Priority = "P1" | "P2" | "P3" | "P4";
type Iso = string;

export type Agency = {
  id: string;
  rev: number;
  name: string;
  short_name: string;
  own_number: string | null;
  phone_only: boolean;
  /** False where the agency only takes notice: an accepted task waits for no departure. */
  sends_crews: boolean;
  head_title: string | null;
  head_phone?: string | null;
  contact_phone?: string | null;
  integration: string | null;
  active: boolean;
};

export type UnitStatus =
  | "available"
  | "dispatched"
  | "acknowledged"
  | "en_route"
  | "delayed"
  | "staging"
  | "on_scene"
  | "patient_contact"
  | "transporting"
  | "hospital"
  | "cleared"
  | "unmanned"
  | "out_of_service"
  | "break"
  | "off_duty";

export type Unit = {
  id: string;
  rev: number;
  code: string;
  agency: string;
  type: string;
  status: UnitStatus;
  status_since: Iso;
  status_reason?: string | null;
  station: string | null;
  station_lon: number | null;
  station_lat: number | null;
  approximate_station: boolean;
  kecamatan_code: string | null;
  assignment_id: string | null;
  active: boolean;
  phone?: string | null;
};

type IncidentState =
  | "new"
  | "awaiting_dispatch"
  | "assigned"
  | "en_route"
  | "on_scene"
  | "resolved"
  | "closed"
  | "cancelled";

export type Incident = {
  id: string;
  rev: number;
  ticket_number: string;
  short_number: number;
  priority: Priority;
  state: IncidentState;
  restricted: boolean;
  /** True when the row is only the shell of a restricted case: no type, place or words. */
  masked?: boolean;
  type?: string;
  category?: string;
  national_group?: string;
  intake_channel?: string;
  kecamatan_code?: string | null;
  desa_code?: string | null;
  outside?: boolean;
  uncertainty_m?: number | null;
  first_call_id?: string | null;
  first_call_offered_at?: Iso | null;
  opened_by?: string | null;
  opened_at: Iso;
  location_confirmed_at?: Iso | null;
  resolved_at?: Iso | null;
  closed_at?: Iso | null;
  close_reason?: string | null;
  results?: Record<string, string>;
  dangers?: string[];
  lon?: number | null;
  lat?: number | null;
  place_text?: string | null;
  landmark?: string | null;
  narrative?: string | null;
  reporter_name?: string | null;
  callback_number?: string | null;
};

export type AssignmentState =
  | "sent"
  | "acknowledged"
  | "departed"
  | "arrived"
  | "done"
  | "refused"
  | "timed_out"
  | "cancelled"
  | "diverted";

export type Assignment = {
  id: string;
  rev: number;
  incident_id: string;
  agency: string;
  unit_id: string | null;
  role: "lead" | "assist" | "inform";
  state: AssignmentState;
  sent_at: Iso;
  acknowledged_at: Iso | null;
  departed_at: Iso | null;
  arrived_at: Iso | null;
  done_at: Iso | null;
  ended_at: Iso | null;
  reason: string | null;
  result: string | null;
  replaces_id: string | null;
  by_phone: boolean;
  eta_s: number | null;
  flags: string[];
  escalation: "none" | "realerted" | "next_unit" | "supervisor" | "agency_head";
  escalated_at: Iso | null;
  alarm_acknowledged_at: Iso | null;
  alarm_acknowledged_by: string | null;
  proposed_unit_id: string | null;
  joins_id: string | null;
  sent_by: string | null;
  /** Of a masked case: times and state are there, the rest is blank. */
  masked?: boolean;
  reason_text?: string | null;
  phone_contact?: string | null;
  result_note?: string | null;
};

export type NumberClass = "usable" | "none" | "placeholder";
export type CallDisposition = "normal" | "prank" | "ghost" | "information" | "non_emergency" | "test";

export type Call = {
  id: string;
  rev: number;
  state: "offered" | "queued" | "alerting" | "answered" | "wrap_up" | "closed";
  trunk: string | null;
  dialed_number: string | null;
  seat: string | null;
  account_id: string | null;
  offered_at: Iso;
  alerted_at: Iso | null;
  queued_at: Iso | null;
  answered_at: Iso | null;
  ended_at: Iso | null;
  end_cause: string | null;
  ended_by: string | null;
  disposition: CallDisposition | null;
  disposition_at: Iso | null;
  disposition_by: string | null;
  incident_id: string | null;
  number_class: NumberClass;
  recording_state: "none" | "recording" | "stored" | "failed";
  recording_s: number | null;
  media: string;
  repeat_24h: number | null;
  caller_number?: string | null;
  caller_name?: string | null;
  evidence?: unknown[] | null;
  note?: string | null;
  recording_ref?: string | null;
};

export type Callback = {
  id: string;
  rev: number;
  call_id: string;
  due_at: Iso;
  state: "due" | "done" | "skipped";
  attempts: number;
  outcome: string | null;
  done_at: Iso | null;
  done_by: string | null;
  number?: string | null;
};

export type SeatState = "signed_out" | "ready" | "not_ready" | "ringing" | "talking" | "wrap_up" | "lost";

export type Seat = {
  id: string;
  rev: number;
  account_id: string | null;
  state: SeatState;
  reason: string | null;
  since: Iso;
};

export type Account = {
  id: string;
  rev: number;
  username: string;
  display_name: string;
  roles: string[];
  agency: string | null;
  unit_id: string | null;
  active: boolean;
};

export type Tables = {
  agency: Record<string, Agency>;
  unit: Record<string, Unit>;
  incident: Record<string, Incident>;
  assignment: Record<string, Assignment>;
  call: Record<string, Call>;
  callback: Record<string, Callback>;
  seat: Record<string, Seat>;
  account: Record<string, Account>;
};
export type TableName = keyof Tables;
export type RowOf<T extends TableName> = Tables[T][string];

/** One entry of `changes`: the whole public row after it, or null when the row is gone for this viewer. */
export type Change = { table: string; id: string; rev: number | null; row: Record<string, unknown> | null };

/** [lon, lat, epoch seconds, km/h, heading degrees] */
export type Position = [number, number, number, number | null, number | null];
