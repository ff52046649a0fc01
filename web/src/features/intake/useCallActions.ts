import { useT } from "@/i18n";
import type { DeskAction } from "@/keys/registry";
import type { CallDisposition } from "@/live/rows";
import { answer, hangUp } from "./seat/seat";
import type { Desk } from "./useDesk";
import { classify, outcomeOf, useLastOutcome } from "./verbs";

const OUTCOMES: { disposition: Exclude<CallDisposition, "normal">; keys: string }[] = [
  { disposition: "ghost", keys: "F6" },
  { disposition: "prank", keys: "F7" },
  { disposition: "information", keys: "F8" },
  { disposition: "test", keys: "F9" },
  { disposition: "non_emergency", keys: "F10" },
];

export type CallActions = {
  answer: DeskAction;
  hold: DeskAction;
  transfer: DeskAction;
  hangUp: DeskAction;
  showNumber: DeskAction;
  outcomes: DeskAction[];
  /** The action whose outcome the call has. */
  chosen: string | null;
};

/** The keys of the call bar. Outcome keys act on the call at the seat, else on the call whose form is open. */
export function useCallActions(
  { seat, call, draft, row, incident }: Desk,
  showNumber: () => void,
): CallActions {
  const t = useT();
  const ringing = call?.phase === "ringing";
  const talking = call?.phase === "talking";
  const last = useLastOutcome((state) => state.last);
  const about = call && !ringing ? call.call_id : (draft?.callId ?? null);
  const hasIncident = Boolean(draft?.incidentId || incident || row?.incident_id);
  const outcomeBlocked = !about
    ? t("intake.blocked.noCall")
    : hasIncident
      ? t("intake.blocked.hasIncident")
      : null;
  return {
    answer: {
      id: "call.answer",
      label: "intake.answer",
      keys: "F2",
      blocked: !ringing
        ? t("intake.blocked.noRing")
        : seat.media === "up"
          ? null
          : t("intake.blocked.noAudio"),
      run: () => call && answer(call.call_id),
    },
    hold: {
      id: "call.hold",
      label: "intake.hold",
      keys: "F3",
      blocked: t("intake.blocked.notInVoice"),
      run: () => {},
    },
    transfer: {
      id: "call.transfer",
      label: "intake.transfer",
      keys: "F4",
      blocked: t("intake.blocked.notInVoice"),
      run: () => {},
    },
    hangUp: {
      id: "call.hang_up",
      label: "intake.hangUp",
      keys: "Ctrl F2",
      blocked: talking ? null : t("intake.blocked.notTalking"),
      run: () => call && hangUp(call.call_id),
    },
    showNumber: {
      id: "call.show_number",
      label: "intake.showNumber",
      keys: "Alt N",
      blocked: call?.number ? null : t("intake.bar.noNumber"),
      run: showNumber,
    },
    outcomes: OUTCOMES.map(({ disposition, keys }) => ({
      id: `call.classify.${disposition}`,
      label: `intake.outcome.${disposition}` as const,
      keys,
      blocked: outcomeBlocked,
      run: () => about && classify(about, disposition),
    })),
    chosen: about ? `call.classify.${outcomeOf(about, last)}` : null,
  };
}
