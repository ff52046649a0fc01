/** What the call-taker does, as verbs: each survives a server that is away, with its own key. */
import { create } from "zustand";
import { useCatalogueStore } from "@/api/catalogue";
import { newKey, Offline, Problem } from "@/api/http";
import { type Classify, locate, type OpenIncident, openIncident, path, reclassify } from "@/api/intake";
import { isWaiting, onRefused, onSent, sendSurely, type Waiting, withdraw } from "@/api/outbox";
import { translate } from "@/i18n";
import { shortNumber } from "@/i18n/format";
import { tell } from "@/keys/notice";
import { serverNow } from "@/live/clock";
import { useRoom } from "@/live/room";
import type { CallDisposition, Incident } from "@/live/rows";
import { seenRev, versionTold } from "@/live/seen";
import { onTabForgotten } from "@/live/tab";
import { type Basis, type Draft, emptyDraft, openBody, placeBody } from "./draft/draft";
import { changeDraft, dropDraft, focusDraft, putDraft, useDrafts } from "./draft/drafts";
import { clearCall, finishWrapUp, useSeat } from "./seat/seat";

/** Most letters of a call's note that the server takes. */
const NOTE_LETTERS = 2000;

export type Outcome = { callId: string; disposition: CallDisposition; atMs: number; key: string };

/** The last outcome given by key, while it can be taken back. */
export const useLastOutcome = create<{ last: Outcome | null }>()(() => ({ last: null }));

onTabForgotten(() => useLastOutcome.setState({ last: null }));

/** The outcome of a call as this desk knows it: what was pressed here counts before the server has it. */
export function outcomeOf(callId: string, last: Outcome | null): CallDisposition | null {
  if (last?.callId === callId) return last.disposition;
  return useRoom.getState().tables.call[callId]?.disposition ?? null;
}

/** Whether what was typed of a call is no note of it yet, or no longer the same. */
export function unnoted(draft: Draft): boolean {
  const said = draft.narrative.trim();
  return said !== "" && said !== (draft.noted ?? "");
}

/** What was typed becomes the call's note: no incident is needed for it, and no server now. */
export function noteCall(draft: Draft): void {
  const { callId } = draft;
  const text = draft.narrative.trim().slice(0, NOTE_LETTERS);
  if (!callId || !text) return;
  sendSurely(path.callNote(callId), { text }, translate("intake.note"), undefined, laneOf(callId));
  changeDraft(draft, { noted: draft.narrative.trim() });
}

/** A call that is no incident is left: words typed of it since are its note. */
export function keepNote(callId: string): void {
  const draft = useDrafts.getState().drafts[callId];
  if (!draft || draft.incidentId || draft.waitingKey || !unnoted(draft)) return;
  if (outcomeOf(callId, useLastOutcome.getState().last)) noteCall(draft);
}

/** The call's work at this seat is over: wrap-up ends and the lists come back. */
function leaveCall(callId: string): void {
  keepNote(callId);
  if (useSeat.getState().call?.call_id === callId) {
    finishWrapUp();
    clearCall();
  }
  if (useDrafts.getState().focus === callId) focusDraft(null);
}

/** An outcome and its undoing go out in their order, whatever else waits. */
const laneOf = (callId: string) => `call.${callId}`;

/** One key says what the call was. While still talking the call goes on; after it, the desk is free at once. */
export function classify(callId: string, disposition: CallDisposition): void {
  const atMs = serverNow();
  const body: Classify = { disposition, at: new Date(atMs).toISOString() };
  const words = translate(`disposition.${disposition}`);
  const key = sendSurely(path.disposition(callId), body, words, undefined, laneOf(callId));
  useLastOutcome.setState({ last: { callId, disposition, atMs, key } });
  keepNote(callId);
  const call = useSeat.getState().call;
  if (call?.call_id === callId && !useDrafts.getState().drafts[callId]) {
    // Taking the outcome back brings the form back, also where the server has never told us of this call.
    putDraft(emptyDraft(callId, callId, "phone", call.number ?? ""));
  }
  if (call?.call_id !== callId || call.phase === "ended") leaveCall(callId);
}

export function undoOutcome(): void {
  const { last } = useLastOutcome.getState();
  if (!last) return;
  useLastOutcome.setState({ last: null });
  if (!withdraw(last.key)) {
    sendSurely(path.undo(last.callId), {}, translate("undo.button"), undefined, laneOf(last.callId));
  }
  focusDraft(last.callId);
  tell(translate("intake.undone"));
}

/** When the caller or we hang up: a call that already has its outcome needs no wrap-up. */
export function afterHangUp(callId: string): void {
  if (outcomeOf(callId, useLastOutcome.getState().last) && !useDrafts.getState().drafts[callId]?.incidentId)
    leaveCall(callId);
}

function early(error: unknown): boolean {
  return error instanceof Offline || (error instanceof Problem && error.code === "call.not_yet_known");
}

/** How a waiting incident is listed: the place only where the type is known to be open to all. */
function labelOf({ type, place }: OpenIncident): string {
  const types = useCatalogueStore.getState().catalogue?.incident_types;
  return types?.find((one) => one.code === type)?.restricted === false ? `${type} · ${place.text}` : type;
}

/** Opens the incident; where the server is away (or voice has not handed the call over yet) it waits in the outbox. */
export async function openFrom(draft: Draft): Promise<void> {
  const body = openBody(draft);
  const key = draft.waitingKey ?? newKey();
  changeDraft(draft, { waitingKey: key });
  try {
    const incident = await openIncident(body, key);
    changeDraft(draft, { incidentId: incident.id, waitingKey: null });
    tell(translate("intake.form.opened", { number: shortNumber(incident.short_number) }));
  } catch (error) {
    if (!early(error)) {
      changeDraft(draft, { waitingKey: null });
      throw error;
    }
    if (!isWaiting(key)) sendSurely(path.incidents, body, labelOf(body), key);
    tell(translate("intake.form.kept"));
  }
}

/** What the server would not take comes back to the desk: the words into their form, a join undone, the reason said. */
function takeBack(line: Waiting): void {
  const drafts = Object.values(useDrafts.getState().drafts);
  const typed = drafts.find((one) => one.waitingKey === line.key);
  const joined = drafts.find((one) => one.incidentId !== null && path.attach(one.incidentId) === line.path);
  if (typed) {
    withdraw(line.key);
    changeDraft(typed, { waitingKey: null });
  } else if (joined && joined.callId === (line.body as { call_id?: string }).call_id) {
    changeDraft(joined, { incidentId: null });
  }
  if (useLastOutcome.getState().last?.key === line.key) useLastOutcome.setState({ last: null });
  tell(translate("intake.outbox.told", { what: line.label, why: line.refused ?? "" }), "failed");
}

/** Lines that went out later find their draft again; refused ones too. */
export function followOutbox(): () => void {
  const stopSent = onSent((line, answer) => {
    const draft = Object.values(useDrafts.getState().drafts).find((one) => one.waitingKey === line.key);
    if (draft) changeDraft(draft, { incidentId: (answer as Incident).id, waitingKey: null });
  });
  const stopRefused = onRefused(takeBack);
  return () => {
    stopSent();
    stopRefused();
  };
}

/** The caller tells about an incident that is open already. */
export function joinTo(draft: Draft, incident: Incident): void {
  if (!draft.callId) return;
  const number = shortNumber(incident.short_number);
  sendSurely(
    path.attach(incident.id),
    { call_id: draft.callId },
    `${translate("intake.same.join")} ${number}`,
    undefined,
    laneOf(draft.callId),
  );
  changeDraft(draft, { incidentId: incident.id });
  tell(translate("intake.same.joined", { number }));
}

const PLACE = ["lon", "lat", "place_text", "landmark"] as const;

/**
 * Corrects what was changed here of an opened incident's place and type; each is its own entry of the journal.
 * Where somebody else was first the server says so; what was typed stays, and saving again goes by what is now.
 */
export async function correct(draft: Draft, incident: Incident): Promise<void> {
  const { place, type } = draft;
  if (!place || !type) return;
  const opened: Basis = draft.basis ?? incident;
  const body = placeBody(draft, place);
  const moved = place.lon !== opened.lon || place.lat !== opened.lat || body.text !== opened.place_text;
  const seen = (overwritten: readonly (keyof Basis)[]) =>
    opened.told ? Math.max(opened.told, incident.rev) : seenRev<Basis>(opened, incident, overwritten);
  let located = 0;
  try {
    if (moved || (body.landmark ?? "") !== (opened.landmark ?? ""))
      located = (await locate(incident.id, { place: body, rev: seen(PLACE) })).rev;
    if (type !== opened.type) {
      const rev = seen(["type"]);
      await reclassify(incident.id, { type, rev: rev < incident.rev ? rev : Math.max(rev, located) });
    }
  } catch (error) {
    const told = versionTold(error);
    // A place that is through already is not written a second time with the type.
    const through = {
      lon: place.lon,
      lat: place.lat,
      place_text: body.text,
      landmark: body.landmark ?? null,
    };
    const basis = { ...opened, ...(located ? through : {}), ...(told ? { told } : {}) };
    if (told || located) changeDraft(draft, { basis });
    throw error;
  }
  changeDraft(draft, { correcting: false, basis: null });
  tell(translate("intake.correct.done"));
}

export function addNote(incidentId: string, text: string): void {
  sendSurely(path.notes(incidentId), { text }, translate("intake.opened.note"));
  tell(translate("intake.opened.noteAdded"));
}

/** The form is done with: an incident's draft is let go, a half-typed one stays in the list. */
export function leaveForm(draft: Draft): void {
  if (draft.incidentId) dropDraft(draft.id);
  if (draft.callId) leaveCall(draft.callId);
  focusDraft(null);
}
