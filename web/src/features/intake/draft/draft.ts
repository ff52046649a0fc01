/** A half-typed incident. Pure: what it holds, what is still missing, what goes to the server. */
import type { IntakeChannel, OpenIncident } from "@/api/intake";
import type { Incident } from "@/live/rows";
import type { EvidenceItem } from "../seat/protocol";

export type DraftPlace = {
  lon: number;
  lat: number;
  text: string;
  uncertaintyM: number | null;
  /** Where the point came from: a hit of the search, the evidence, a click on the map. */
  from: "search" | "evidence" | "pin";
};

/** What a correction can change of an incident, and its version; `told`: the one that a refusal as stale has named. */
export type Basis = Pick<Incident, "rev" | "lon" | "lat" | "place_text" | "landmark" | "type"> & {
  told?: number;
};

export type Draft = {
  /** The call's id, or "tanpa-…" for an incident without a call. */
  id: string;
  callId: string | null;
  channel: IntakeChannel;
  words: string;
  place: DraftPlace | null;
  landmark: string;
  type: string | null;
  dangers: string[];
  narrative: string;
  callback: string;
  reporter: string;
  note: string;
  /** The call's note as last handed to the server (`narrative` at that time). */
  noted: string;
  /** Open incidents that the person has said are something else. */
  different: string[];
  /** Set once it has become an incident (or was joined to one). */
  incidentId: string | null;
  /** Key of the line in the outbox, while it waits for the server. */
  waitingKey: string | null;
  /** True while place and type of the opened incident are being corrected. */
  correcting: boolean;
  /** The opened incident as it was when its correction began: what somebody else changes since is not undone unseen. */
  basis?: Basis | null;
  changedAt: number;
};

export function emptyDraft(id: string, callId: string | null, channel: IntakeChannel, callback = ""): Draft {
  return {
    id,
    callId,
    channel,
    words: "",
    place: null,
    landmark: "",
    type: null,
    dangers: [],
    narrative: "",
    callback,
    reporter: "",
    note: "",
    noted: "",
    different: [],
    incidentId: null,
    waitingKey: null,
    correcting: false,
    changedAt: 0,
  };
}

/** Whether anything was typed that would be a loss. */
export function hasContent(draft: Draft): boolean {
  return Boolean(
    draft.words ||
      draft.place ||
      draft.landmark ||
      draft.type ||
      draft.dangers.length > 0 ||
      draft.narrative ||
      draft.reporter,
  );
}

export type Missing = "place" | "type";

/** What must be known before an incident can be opened: place and type (domain: keep asking afterwards). */
export function missing(draft: Draft): Missing[] {
  const lacks: Missing[] = [];
  if (!draft.place) lacks.push("place");
  if (!draft.type) lacks.push("type");
  return lacks;
}

/** The place as the server takes it. */
export function placeBody(draft: Draft, place: DraftPlace): OpenIncident["place"] {
  const { lon, lat, from, uncertaintyM } = place;
  // A hit of the search has its own name; for a point the caller's words are the better one.
  const text = from === "search" ? place.text : draft.words || place.text;
  return {
    lon,
    lat,
    text: text.trim() || `${lat.toFixed(5)}, ${lon.toFixed(5)}`,
    ...(draft.landmark.trim() ? { landmark: draft.landmark.trim() } : {}),
    ...(uncertaintyM !== null ? { uncertainty_m: uncertaintyM } : {}),
  };
}

/** The request that opens the incident. Raises where something is missing: ask `missing` first. */
export function openBody(draft: Draft): OpenIncident {
  if (!draft.place || !draft.type) throw new Error("an incident needs its place and type");
  return {
    type: draft.type,
    place: placeBody(draft, draft.place),
    narrative: draft.narrative.trim(),
    intake_channel: draft.channel,
    ...(draft.callId ? { call_id: draft.callId } : {}),
    ...(draft.reporter.trim() ? { reporter_name: draft.reporter.trim() } : {}),
    ...(draft.callback.trim() ? { callback_number: draft.callback.trim() } : {}),
    ...(draft.dangers.length > 0 ? { dangers: draft.dangers } : {}),
  };
}

/** The draft with what the opened incident says, to correct it. */
export function correction(draft: Draft, incident: Incident): Partial<Draft> {
  const { rev, lon, lat, place_text, uncertainty_m, landmark, type } = incident;
  const place =
    lon == null || lat == null
      ? null
      : { lon, lat, text: place_text ?? "", uncertaintyM: uncertainty_m ?? null, from: "search" as const };
  return {
    correcting: true,
    basis: { rev, lon, lat, place_text, landmark, type },
    place,
    words: place_text ?? draft.words,
    landmark: landmark ?? "",
    type: type ?? draft.type,
  };
}

/** Evidence with a point, best first: smaller circle first, unknown size last. */
export function ranked(evidence: readonly EvidenceItem[]): (EvidenceItem & { lon: number; lat: number })[] {
  const located = evidence.filter(
    (item): item is EvidenceItem & { lon: number; lat: number } => item.lon !== null && item.lat !== null,
  );
  return located.sort((a, b) => (a.uncertainty_m ?? 1e9) - (b.uncertainty_m ?? 1e9));
}
