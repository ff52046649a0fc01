import { useCatalogue, useNamed } from "@/api/catalogue";
import { type CallbackOutcome, finishCallback } from "@/api/intake";
import { useT } from "@/i18n";
import { duration, wibShort } from "@/i18n/format";
import { perform, useDeskKeys } from "@/keys/registry";
import { useTable } from "@/live/room";
import type { Callback } from "@/live/rows";
import { Clock } from "@/ui/Clock";
import { DeskButton } from "@/ui/DeskButton";
import { Key } from "@/ui/Key";
import { Panel } from "@/ui/Panel";
import { EmptyState } from "@/ui/States";
import { dueCallbacks, waitedS } from "../calls";
import { homeNumber } from "../number";
import { openChoice, useChoice } from "./choice";

/** How a person says that an attempt went; codes of the catalogue. */
const OUTCOMES: CallbackOutcome[] = ["reached", "no_answer", "unreachable", "not_needed"];
/** A callback is due this long after the caller was lost, seconds (domain §4); the row carries the due time. */
const DUE_S = 180;

/** Lost callers, the first due on top. The call itself is made on the room's telephone; here its outcome is kept. */
export function CallbackList() {
  const t = useT();
  const due = dueCallbacks(useTable("callback"));
  const askingFor = useChoice((choice) => choice.open);
  const first = due[0];
  const record = {
    id: "callback.record",
    label: "intake.callbacks.tookIt" as const,
    keys: "Alt T",
    blocked: first ? null : t("intake.callbacks.none"),
    run: () => openChoice(first?.id ?? null),
  };
  useDeskKeys([record]);
  return (
    <Panel title={t("intake.callbacks")} count={due.length}>
      {first ? (
        <div className="same">
          <CallbackFacts callback={first} />
          {askingFor === first.id ? (
            <OutcomeChoice callback={first} onDone={() => openChoice(null)} />
          ) : (
            <div className="row">
              <DeskButton grow action={record} />
            </div>
          )}
        </div>
      ) : (
        <EmptyState title={t("intake.callbacks.none")} fact={t("intake.callbacks.noneFact")} />
      )}
    </Panel>
  );
}

function CallbackFacts({ callback }: { callback: Callback }) {
  const t = useT();
  const calls = useTable("call");
  const call = calls[callback.call_id];
  const from = new Date(Date.parse(callback.due_at) - DUE_S * 1000).toISOString();
  return (
    <>
      <div className="row">
        <b className="s16 grow">{callback.number ? homeNumber(callback.number) : "–"}</b>
        <Clock from={from} limitS={DUE_S} />
      </div>
      <div className="s13 t2">
        {call?.ended_at &&
          t("intake.callbacks.lost", { at: wibShort(call.ended_at), age: duration(waitedS(call)) })}
        {callback.attempts > 0 && ` · ${t("intake.callbacks.attempt", { n: callback.attempts + 1 })}`}
      </div>
    </>
  );
}

function OutcomeChoice({ callback, onDone }: { callback: Callback; onDone: () => void }) {
  const t = useT();
  const named = useNamed();
  const catalogue = useCatalogue() as {
    callback_outcomes?: { code: string; name: { id: string; en: string } }[];
  } | null;
  const give = async (outcome: CallbackOutcome) => {
    await finishCallback(callback.id, outcome);
    onDone();
  };
  const outcomes = OUTCOMES.map((code, at) => ({
    action: {
      id: `callback.record.${code}`,
      label: "intake.callbacks.tookIt" as const,
      keys: String(at + 1),
      keyOnly: true,
      over: true,
      run: () => give(code),
    },
    code,
  }));
  useDeskKeys([
    ...outcomes.map((one) => one.action),
    {
      id: "callback.record.back",
      label: "denied.back" as const,
      keys: "Esc",
      keyOnly: true,
      over: true,
      run: onDone,
    },
  ]);
  return (
    <div
      className="chips"
      role="group"
      aria-label={t("intake.callbacks.outcome", { number: callback.number ?? "" })}
    >
      {outcomes.map(({ action, code }) => (
        <button key={code} type="button" className="chip" onClick={() => void perform(action)}>
          <Key keys={action.keys} />
          {named(catalogue?.callback_outcomes, code)}
        </button>
      ))}
    </div>
  );
}
