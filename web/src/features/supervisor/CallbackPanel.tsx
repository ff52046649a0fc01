import { useCatalogue, useNamed } from "@/api/catalogue";
import { type CallbackOutcome, finishCallback } from "@/api/intake";
import { type Key, useT } from "@/i18n";
import { duration, wibShort } from "@/i18n/format";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { secondsSince, useSecond } from "@/live/clock";
import { useTable } from "@/live/room";
import type { Callback } from "@/live/rows";
import { DeskButton } from "@/ui/DeskButton";
import { Icon } from "@/ui/Icon";
import { Panel } from "@/ui/Panel";
import { EmptyState, LoadingBars } from "@/ui/States";
import { dueCallbacks, waitedS } from "../intake/calls";
import { useSticky } from "./useSticky";

const OUTCOMES: { outcome: CallbackOutcome; keys: string }[] = [
  { outcome: "reached", keys: "Alt S" },
  { outcome: "no_answer", keys: "Alt J" },
  { outcome: "unreachable", keys: "Alt U" },
  { outcome: "not_needed", keys: "Alt X" },
];

/** One action an outcome, all about the chosen lost caller. */
function useOutcomes(callback: Callback | undefined, done: () => void): DeskAction[] {
  const t = useT();
  const actions = OUTCOMES.map(({ outcome, keys }) => ({
    id: `callback.${outcome}`,
    label: `supervisor.callback.${outcome}` as Key,
    keys,
    blocked: callback ? null : t("supervisor.callbacks.choose"),
    run: async () => {
      if (!callback) return;
      await finishCallback(callback.id, outcome);
      done();
    },
  }));
  useDeskKeys(actions);
  return actions;
}

type RowProps = { callback: Callback; chosen: boolean; choose: () => void };

function Row({ callback, chosen, choose }: RowProps) {
  const t = useT();
  const named = useNamed();
  const nowS = useSecond();
  const catalogue = useCatalogue() as { callback_outcomes?: Parameters<typeof named>[0] } | null;
  const call = useTable("call")[callback.call_id];
  const over = secondsSince(callback.due_at, nowS) ?? 0;
  const late = over > 0;
  return (
    <li>
      <button
        type="button"
        className={`list-row callback-row${late ? " late" : ""}${chosen ? " chosen" : ""}`}
        aria-pressed={chosen}
        onClick={choose}
      >
        <span className="col">
          <b>{callback.number ?? "–"}</b>
          <span className="t2 s13 ellipsis">
            {call?.ended_at &&
              t("supervisor.callbacks.lost", {
                at: wibShort(call.ended_at),
                waited: duration(waitedS(call)),
              })}
            {callback.attempts > 0 && ` · ${named(catalogue?.callback_outcomes, callback.outcome)}`}
          </span>
        </span>
        <span className="state right">
          {late && <Icon name="clock" />}
          {late
            ? t("supervisor.callbacks.over", { age: duration(over) })
            : t("supervisor.callbacks.due", { at: wibShort(callback.due_at) })}
        </span>
      </button>
    </li>
  );
}

const idOf = (callback: Callback) => callback.id;

/** Lost callers to be telephoned, the first due on top; the call is made on the room's telephone, its outcome kept here. */
export function CallbackPanel({ unknown }: { unknown: boolean }) {
  const t = useT();
  const due = dueCallbacks(useTable("callback"));
  const [chosen, choose] = useSticky(due, idOf, "callbacks");
  const outcomes = useOutcomes(chosen, () => choose(null));
  return (
    <Panel
      title={t("supervisor.callbacks")}
      count={unknown ? "–" : due.length}
      acts={
        due.length > 0 &&
        outcomes.map((action) => <DeskButton key={action.id} small action={action} quietReason />)
      }
    >
      {unknown && <LoadingBars what={t("supervisor.callbacks")} />}
      {!unknown && due.length === 0 && (
        <EmptyState title={t("supervisor.callbacks.none")} fact={t("supervisor.callbacks.noneFact")} />
      )}
      <ul className="scroll">
        {due.map((one) => (
          <Row key={one.id} callback={one} chosen={one.id === chosen?.id} choose={() => choose(one.id)} />
        ))}
      </ul>
    </Panel>
  );
}
