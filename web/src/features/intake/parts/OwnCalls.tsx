import { useState } from "react";
import { useCatalogue, useNamed } from "@/api/catalogue";
import { useOutbox } from "@/api/outbox";
import { useSession } from "@/app/session";
import { useNames } from "@/features/assignment/names";
import { useT, useWord } from "@/i18n";
import { minutesSeconds, shortNumber, wibShort } from "@/i18n/format";
import { useDeskKeys } from "@/keys/registry";
import { useTable } from "@/live/room";
import type { Call } from "@/live/rows";
import { DeskButton } from "@/ui/DeskButton";
import { Icon } from "@/ui/Icon";
import { Panel } from "@/ui/Panel";
import { EmptyState, LockMark, RestrictedSign } from "@/ui/States";
import { ownCalls, talkedS } from "../calls";
import type { Draft } from "../draft/draft";
import { focusDraft, leftOver, startWithoutCall, useDrafts } from "../draft/drafts";
import { outcomeOf, useLastOutcome } from "../verbs";
import { Playback } from "./Playback";

/** Calls this person answered today, drafts not opened yet, and the door for incidents without a call. */
export function OwnCalls({ unknown }: { unknown: boolean }) {
  const t = useT();
  const account = useSession((session) => session.who?.account.id ?? "");
  const rows = useTable("call");
  const last = useLastOutcome((state) => state.last);
  const drafts = leftOver(useDrafts()).filter((draft) => !(draft.callId && outcomeOf(draft.callId, last)));
  const calls = ownCalls(rows, account);
  const [playing, setPlaying] = useState<Call | null>(null);
  const without = {
    id: "incident.without_call",
    label: "intake.calls.withoutCall" as const,
    keys: "Alt K",
    run: () => startWithoutCall("radio"),
  };
  useDeskKeys([without]);
  return (
    <Panel
      title={t("intake.calls")}
      count={unknown ? "–" : t("intake.calls.count", { n: calls.length })}
      acts={
        <>
          <DeskButton action={without} />
          <span className="grow" />
          <span className="t2 s12 right other-channels">{t("intake.calls.otherChannels")}</span>
        </>
      }
    >
      {playing && <Playback key={playing.id} call={playing} onClose={() => setPlaying(null)} />}
      <div className="scroll grow">
        {drafts.map((draft) => (
          <DraftRow key={draft.id} draft={draft} />
        ))}
        {unknown && <EmptyState title={t("intake.unknown")} fact={t("intake.unknownFact")} />}
        {calls.length === 0 && drafts.length === 0 && !unknown && (
          <EmptyState title={t("intake.calls.none")} fact={t("intake.calls.noneFact")} />
        )}
        {calls.map((call) => (
          <CallRow key={call.id} call={call} onPlay={() => setPlaying(call)} />
        ))}
      </div>
    </Panel>
  );
}

function DraftRow({ draft }: { draft: Draft }) {
  const t = useT();
  const named = useNamed();
  const catalogue = useCatalogue();
  const waiting = useOutbox((box) => box.waiting.some((line) => line.key === draft.waitingKey));
  const what = draft.type ? named(catalogue?.incident_types, draft.type) : draft.words || draft.narrative;
  return (
    <div className="call-row">
      <button type="button" className="call-open" onClick={() => focusDraft(draft.id)}>
        <span>{wibShort(draft.changedAt)}</span>
        <span className="tag">{t(waiting ? "intake.calls.waiting" : "intake.calls.draft")}</span>
        <b className="ellipsis">{what || t("intake.calls.drafts")}</b>
      </button>
    </div>
  );
}

function CallRow({ call, onPlay }: { call: Call; onPlay: () => void }) {
  const t = useT();
  const word = useWord();
  const names = useNames();
  const incidents = useTable("incident");
  const incident = call.incident_id ? incidents[call.incident_id] : undefined;
  const talked = talkedS(call);
  const open = !call.disposition && !call.incident_id;
  return (
    <div className="call-row">
      <button
        type="button"
        className="call-open"
        aria-label={`${t("intake.calls.open")} ${wibShort(call.offered_at)}`}
        onClick={() => focusDraft(call.id)}
      >
        <span>{wibShort(call.offered_at)}</span>
        <span className="t2">{talked === null ? "–" : minutesSeconds(talked)}</span>
        <span className="ellipsis">
          {incident?.masked ? (
            <LockMark />
          ) : incident ? (
            <b>
              {incident.restricted && <RestrictedSign />}
              {names.type(incident)}
            </b>
          ) : open ? (
            <b>
              <Icon name="warning" /> {t("intake.calls.unclassified")}
            </b>
          ) : (
            <>
              {word("disposition", call.disposition)}
              {call.note && <span className="t2 s13"> · {call.note}</span>}
            </>
          )}
        </span>
        <span className="right t2 ellipsis">
          {incident?.masked ? t("intake.calls.locked") : incident ? shortNumber(incident.short_number) : "–"}
          {incident && !incident.masked && <span> {names.kecamatan(incident.kecamatan_code)}</span>}
        </span>
      </button>
      <button
        type="button"
        className="btn small"
        disabled={call.recording_state !== "stored"}
        title={t("intake.calls.play")}
        aria-label={`${t("intake.calls.play")} ${wibShort(call.offered_at)}`}
        onClick={onPlay}
      >
        <Icon name="play" />
      </button>
    </div>
  );
}
