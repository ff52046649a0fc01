/** Calls, seats and lost callers for tests, as the server sends them. */
import type { Account, Call, Callback, Seat } from "@/live/rows";
import { ago, past } from "../assignment/given";

/** A call that was answered and has ended, without an outcome; a test says what is different. */
export function call(id: string, more: Partial<Call> = {}): Call {
  return {
    id,
    rev: 1,
    state: "closed",
    trunk: "lokal",
    dialed_number: "112",
    seat: "meja-1",
    account_id: "op1",
    offered_at: ago(120),
    alerted_at: ago(120),
    queued_at: null,
    answered_at: ago(115),
    ended_at: ago(100),
    end_cause: "caller_released",
    ended_by: "caller",
    disposition: null,
    disposition_at: null,
    disposition_by: null,
    incident_id: null,
    number_class: "usable",
    recording_state: "stored",
    recording_s: 15,
    media: "voice",
    repeat_24h: 0,
    ...more,
  };
}

/** Answered and ended, `seconds` apart. */
export const talked = (seconds: number) => ({ answered_at: ago(seconds + 5), ended_at: ago(5) });

export function seat(id: string, more: Partial<Seat> = {}): Seat {
  return { id, rev: 1, account_id: null, state: "signed_out", reason: null, since: past(180), ...more };
}

export function account(id: string, username: string, display_name: string): Account {
  return {
    id,
    rev: 1,
    username,
    display_name,
    roles: ["agent"],
    agency: null,
    unit_id: null,
    active: true,
  };
}

export function lostCaller(id: string, more: Partial<Callback> = {}): Callback {
  return {
    id,
    rev: 1,
    call_id: "lost",
    due_at: past(30),
    state: "due",
    attempts: 0,
    outcome: null,
    done_at: null,
    done_by: null,
    number: "+620001",
    ...more,
  };
}
