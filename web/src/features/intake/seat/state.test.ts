import { describe, expect, it } from "vitest";
import type { CallOffer, CurrentCall, FromVoice } from "./protocol";
import { closed, hear, NO_SEAT, type Seat } from "./state";

const NOW = Date.parse("2026-11-24T12:42:00Z");
const offer: CallOffer = {
  call_id: "c1",
  number: "081288450012",
  number_class: "usable",
  display_name: null,
  offered_at: "2026-11-24T12:41:58Z",
  dialed_number: "112",
  trunk: "lokal",
  evidence: [],
};
const welcome = (current_call: CurrentCall | null): FromVoice => ({
  type: "welcome",
  seat: "meja-1",
  state: "not_ready",
  reason: "signed_in",
  since: "2026-11-24T12:40:00Z",
  node: "n",
  server_time: "2026-11-24T12:42:00Z",
  current_call,
  queue: [],
  seats: [],
  wrap_up_s: 30,
  ring_s: 8,
});
const said = (seat: Seat, ...messages: FromVoice[]) =>
  messages.reduce((state, one) => hear(state, one, NOW), seat);
const ring: FromVoice = { type: "ring", call: offer, ring_s: 8, resume: false };
const answered: FromVoice = {
  type: "answered",
  call_id: "c1",
  answered_at: "2026-11-24T12:42:01Z",
  resumed: false,
};

describe("the seat", () => {
  it("rings until its time, talks, and is left with the ended call", () => {
    const ringing = said(NO_SEAT, welcome(null), ring);
    expect(ringing.call).toMatchObject({ phase: "ringing", ringUntil: NOW + 8000 });
    const talking = said(ringing, answered, { type: "recording", call_id: "c1", state: "recording" });
    expect(talking.call).toMatchObject({ phase: "talking", recording: { state: "recording" } });
    const ended = said(talking, { type: "ended", call_id: "c1", cause: "caller_released", by: "caller" });
    expect(ended.call).toMatchObject({ phase: "ended", endedBy: "caller" });
  });

  it("lets go of a ring that went elsewhere, but never of a call it talks in", () => {
    const gone: FromVoice = { type: "ring_cancelled", call_id: "c1", why: "answered_elsewhere" };
    const after = said(NO_SEAT, welcome(null), ring, gone);
    expect(after).toMatchObject({ call: null, ringGone: { callId: "c1", why: "answered_elsewhere" } });
    expect(said(after, ring).ringGone).toBeNull();
    expect(said(NO_SEAT, welcome(null), ring, answered, gone).call?.phase).toBe("talking");
  });

  it("ignores what is said about another call", () => {
    const other: FromVoice = { type: "ended", call_id: "c9", cause: "failed", by: "system" };
    expect(said(NO_SEAT, welcome(null), ring, answered, other).call?.phase).toBe("talking");
  });

  it("finds the running call again after a reload, and keeps its recording over a broken line", () => {
    const again = welcome({ ...offer, state: "talking", answered_at: "2026-11-24T12:42:01Z" });
    expect(said(NO_SEAT, again).call).toMatchObject({ phase: "talking", answeredAt: "2026-11-24T12:42:01Z" });
    const before = said(NO_SEAT, welcome(null), ring, answered, {
      type: "recording",
      call_id: "c1",
      state: "recording",
    });
    expect(said(before, again).call?.recording.state).toBe("recording");
  });

  it("keeps a call that ended while the line was broken, as ended", () => {
    expect(said(NO_SEAT, welcome(null), ring, answered, welcome(null)).call?.phase).toBe("ended");
  });

  it("shows an alarm until voice says that it is over", () => {
    const alarmed = said(NO_SEAT, { type: "alarm", what: "disk_full", detail: null });
    expect(Object.keys(alarmed.alarms)).toEqual(["disk_full"]);
    expect(said(alarmed, { type: "alarm_cleared", what: "disk_full" }).alarms).toEqual({});
  });

  it("tells what comes from the caller: keys, silence, hold; keys outlive a broken line", () => {
    const pressed = (digit: string): FromVoice => ({ type: "dtmf", call_id: "c1", digit });
    const silent: FromVoice = { type: "line", call_id: "c1", state: "silent" };
    const heard = said(NO_SEAT, welcome(null), ring, answered, silent, pressed("5"), pressed("1"));
    expect(heard.call).toMatchObject({ sound: "silent", keys: "51" });
    const again = welcome({ ...offer, state: "talking", answered_at: "2026-11-24T12:42:01Z" });
    expect(said(heard, again).call).toMatchObject({ sound: "ok", keys: "51" });
  });

  it("leaves a call that it was closed in as ended, so that its form can be finished", () => {
    const talking = said(NO_SEAT, welcome(null), ring, answered);
    expect(closed(talking, 4001, NOW).call).toMatchObject({ phase: "ended", endedBy: null });
    expect(closed(said(NO_SEAT, welcome(null), ring), 4001, NOW).call).toBeNull();
  });

  it("says why it was closed for good", () => {
    expect(closed(NO_SEAT, 4001, 0).link).toBe("displaced");
    expect(closed(NO_SEAT, 4003, 0).link).toBe("refused");
    const taken: FromVoice = {
      type: "error",
      code: "seat.taken",
      by: { username: "b", name: "Budi", simulated: false },
    };
    expect(closed(said(NO_SEAT, taken), 4009, 0)).toMatchObject({ link: "taken", takenBy: { name: "Budi" } });
  });
});
