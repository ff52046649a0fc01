/** What lies on this desk now: the call at the seat, the draft on the form, and whether the server is away. */
import { useMemo } from "react";
import { useFeedAge } from "@/live/age";
import { useRow } from "@/live/room";
import type { Call, Incident } from "@/live/rows";
import { type Draft, emptyDraft, ranked } from "./draft/draft";
import { useDrafts } from "./draft/drafts";
import type { EvidenceItem } from "./seat/protocol";
import { useSeat } from "./seat/seat";
import type { Seat, SeatCall } from "./seat/state";

export type Desk = {
  seat: Seat;
  /** The call at this seat, from voice. */
  call: SeatCall | null;
  /** The draft on the form; null while the lists are shown. */
  draft: Draft | null;
  /** The server's row of the call that the form (or else the seat) is about. */
  row: Call | undefined;
  incident: Incident | undefined;
  /** Located evidence of that call, best first. */
  evidence: (EvidenceItem & { lon: number; lat: number })[];
  /** Everything the phone and trunk said, also what gave no point. */
  allEvidence: EvidenceItem[];
  away: boolean;
  /** The server is away and this page has not heard it once: lists are unknown, not empty. */
  unknown: boolean;
};

function draftOf(
  focus: string | null,
  kept: Draft | undefined,
  call: SeatCall | null,
  row: Call | undefined,
): Draft | null {
  if (!focus) return null;
  if (kept) return kept;
  if (call?.call_id === focus) return emptyDraft(focus, focus, "phone", call.number ?? "");
  if (!row) return null;
  const note = row.note ?? "";
  return { ...emptyDraft(focus, row.id, "phone", row.caller_number ?? ""), narrative: note, noted: note };
}

export function useDesk(): Desk {
  const seat = useSeat();
  const { drafts, focus } = useDrafts();
  const row = useRow("call", focus ?? seat.call?.call_id);
  const draft = draftOf(focus, focus ? drafts[focus] : undefined, seat.call, row);
  const incident = useRow("incident", draft?.incidentId ?? row?.incident_id);
  const { phase, everHeard } = useFeedAge();
  const aboutSeatCall = draft ? draft.callId === seat.call?.call_id : true;
  const said = aboutSeatCall ? seat.call?.evidence : undefined;
  const known = draft && !draft.callId ? undefined : row?.evidence;
  const allEvidence = useMemo(() => said ?? ((known ?? []) as EvidenceItem[]), [said, known]);
  const evidence = useMemo(() => ranked(allEvidence), [allEvidence]);
  return {
    seat,
    call: seat.call,
    draft,
    row,
    incident,
    evidence,
    allEvidence,
    away: phase === "lost",
    unknown: phase === "lost" && !everHeard,
  };
}
