/** Rows for tests, as the server sends them; a test says only what it is about. */
import type { Catalogue } from "@/api/catalogue";
import type { Agency, Assignment, AssignmentState, Call, Incident, Tables, Unit } from "@/live/rows";
import { emptyTables } from "@/live/upsert";

/** 19:42:00 WIB */
export const NOW = Date.parse("2026-11-24T12:42:00Z") / 1000;

export const ago = (seconds: number) => new Date((NOW - seconds) * 1000).toISOString();
/** The same by the real clock, for tests of whole screens: their clocks tick. */
export const past = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

const ladder = (p: [number, number, number, number, number, number]) => ({
  ack_alert_s: p[0],
  next_unit_s: p[1],
  supervisor_s: p[2],
  agency_head_s: p[3],
  depart_s: p[4],
  send_s: p[5],
});

export const policy: Catalogue["clocks"] = {
  by_priority: {
    P1: ladder([30, 60, 120, 300, 120, 60]),
    P2: ladder([60, 120, 300, 900, 300, 120]),
    P3: ladder([180, 600, 1200, 3600, 900, 300]),
    P4: ladder([180, 600, 1200, 3600, 900, 900]),
  },
  arrive_factor: 1.5,
  arrive_default_s: 900,
  arrive_least_s: 120,
  result_s: 3600,
};

const MOVES: [AssignmentState, string, AssignmentState, string?][] = [
  ["sent", "acknowledge", "acknowledged"],
  ["sent", "depart", "departed", "departed_unacknowledged"],
  ["sent", "arrive", "arrived", "arrived_unacknowledged"],
  ["sent", "refuse", "refused"],
  ["sent", "time_out", "timed_out"],
  ["sent", "cancel", "cancelled"],
  ["acknowledged", "depart", "departed"],
  ["acknowledged", "finish", "done"],
  ["acknowledged", "refuse", "refused"],
  ["acknowledged", "cancel", "cancelled"],
  ["acknowledged", "divert", "diverted"],
  ["departed", "arrive", "arrived"],
  ["departed", "cancel", "cancelled"],
  ["departed", "divert", "diverted"],
  ["arrived", "finish", "done"],
];

const named = (code: string, id: string, en = id) => ({ code, name: { id, en } });

export const catalogue: Catalogue = {
  national_groups: [],
  categories: [],
  incident_types: [
    {
      ...named("FIR01", "Kebakaran rumah/bangunan", "Structure fire"),
      category: "FIR",
      national_group: "fire",
      agencies: ["BPBD_DAMKAR", "PLN", "DINKES_PSC119"],
      priority: "P1",
      restricted: false,
      tell_supervisor: false,
    },
  ],
  incident_states: [],
  priorities: [],
  intake_channels: [],
  dangers: [named("person_inside", "1 orang di dalam", "Person inside")],
  call_states: [],
  call_dispositions: [],
  not_ready_reasons: [],
  assignment_moves: MOVES.map(([from, verb, to, flag]) => ({ from, verb, to, flag: flag ?? null })),
  refusal_reasons: [
    named("already_committed", "Sedang bertugas lain"),
    named("no_driver", "Tidak ada pengemudi"),
    named("other", "Lain-lain (sebutkan)"),
  ],
  cancel_reasons: [named("wrong_unit", "Unit keliru", "Wrong unit"), named("no_answer", "Tidak dijawab")],
  results: [named("fire_extinguished", "Kebakaran dipadamkan", "Fire extinguished")],
  unit_types: [{ ...named("fire_engine", "Mobil Pompa", "Fire engine"), turnout_s: 90 }],
  unit_statuses: [
    {
      ...named("available", "Siaga"),
      code: "available",
      readiness: "ready",
      by_hand_to: ["break", "unmanned"],
    },
    { ...named("break", "Istirahat"), code: "break", readiness: "conditional", by_hand_to: ["available"] },
  ],
  clocks: policy,
  call_limits: { undo_s: 30, junk_look_s: 60 },
};

export function agency(id: string, more: Partial<Agency> = {}): Agency {
  return {
    id,
    rev: 1,
    name: id,
    short_name: id,
    own_number: null,
    phone_only: false,
    sends_crews: true,
    head_title: `Kepala ${id}`,
    head_phone: "+62 000 1",
    integration: null,
    active: true,
    ...more,
  };
}

export function unit(code: string, more: Partial<Unit> = {}): Unit {
  return {
    id: `u-${code}`,
    rev: 1,
    code,
    agency: "BPBD_DAMKAR",
    type: "fire_engine",
    status: "available",
    status_since: ago(600),
    status_reason: null,
    station: `Pos ${code}`,
    station_lon: 106.53,
    station_lat: -6.16,
    approximate_station: false,
    kecamatan_code: "36.03.12",
    assignment_id: null,
    active: true,
    ...more,
  };
}

export function incident(number: number, more: Partial<Incident> = {}): Incident {
  return {
    id: `i-${number}`,
    rev: 1,
    ticket_number: `112-20261124-${String(number).padStart(4, "0")}`,
    short_number: number,
    priority: "P1",
    state: "new",
    restricted: false,
    type: "FIR01",
    opened_at: ago(30),
    place_text: "Gg. Melati 3",
    ...more,
  };
}

export function assignment(id: string, more: Partial<Assignment> = {}): Assignment {
  return {
    id,
    rev: 1,
    incident_id: "i-42",
    agency: "BPBD_DAMKAR",
    unit_id: null,
    role: "lead",
    state: "sent",
    sent_at: ago(10),
    acknowledged_at: null,
    departed_at: null,
    arrived_at: null,
    done_at: null,
    ended_at: null,
    reason: null,
    result: null,
    replaces_id: null,
    joins_id: null,
    by_phone: false,
    eta_s: null,
    flags: [],
    escalation: "none",
    escalated_at: null,
    alarm_acknowledged_at: null,
    alarm_acknowledged_by: null,
    proposed_unit_id: null,
    sent_by: null,
    ...more,
  };
}

type Row = { id: string };
const keyed = <R extends Row>(rows: readonly R[]): Record<string, R> =>
  Object.fromEntries(rows.map((row) => [row.id, row]));

export function tables(rows: {
  incidents?: Incident[];
  assignments?: Assignment[];
  units?: Unit[];
  agencies?: Agency[];
  calls?: Call[];
}): Tables {
  return {
    ...emptyTables(),
    incident: keyed(rows.incidents ?? []),
    assignment: keyed(rows.assignments ?? []),
    unit: keyed(rows.units ?? []),
    agency: keyed(rows.agencies ?? [agency("BPBD_DAMKAR", { short_name: "Damkar" }), agency("PLN")]),
    call: keyed(rows.calls ?? []),
  };
}
