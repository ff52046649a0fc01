import { useState } from "react";
import { useCatalogue } from "@/api/catalogue";
import { type Translate, useT, useWord } from "@/i18n";
import { minutesSeconds, wibShort } from "@/i18n/format";
import { type DeskAction, perform, useDeskKeys } from "@/keys/registry";
import { useTable } from "@/live/room";
import type { Call } from "@/live/rows";
import { useTyped } from "@/live/tab";
import { DeskButton } from "@/ui/DeskButton";
import { Icon } from "@/ui/Icon";
import { Key } from "@/ui/Key";
import { Panel } from "@/ui/Panel";
import { EmptyState, LoadingBars, LockMark } from "@/ui/States";
import type { Names } from "../assignment/names";
import { talkedS } from "../intake/calls";
import { Playback } from "../intake/parts/Playback";
import { type CallFilter, filtered, lookAt, whatOf } from "./calls";
import { useSticky } from "./useSticky";

function Filters({ value, choose, n }: { value: CallFilter; choose: (to: CallFilter) => void; n: number }) {
  const t = useT();
  const actions: (DeskAction & { filter: CallFilter })[] = [
    {
      id: "calls.all",
      label: "supervisor.calls.all",
      keys: "Alt C",
      filter: "all",
      run: () => choose("all"),
    },
    {
      id: "calls.look",
      label: "supervisor.calls.look",
      labelFacts: { n },
      keys: "Alt T",
      filter: "look",
      run: () => choose("look"),
    },
  ];
  useDeskKeys(actions);
  return (
    <span className="segments">
      {actions.map((action) => (
        <button
          key={action.id}
          type="button"
          className="chip"
          aria-pressed={action.filter === value}
          onClick={() => void perform(action)}
        >
          {t(action.label, action.labelFacts)}
          <Key keys={action.keys ?? ""} />
        </button>
      ))}
    </span>
  );
}

function What({ call, names }: { call: Call; names: Names }) {
  const t = useT();
  const word = useWord();
  const incident = useTable("incident")[call.incident_id ?? ""];
  const what = whatOf(call);
  if (what === "disposition") return word("disposition", call.disposition);
  if (what !== "incident") return t(`supervisor.what.${what}`);
  if (!incident) return t("supervisor.what.incident");
  if (incident.masked) return <LockMark />;
  return `${names.number(incident)} ${names.type(incident)}`;
}

/** From how many seconds of talk junk is heard again; without the server's word none is. */
const useJunkS = () => useCatalogue()?.call_limits?.junk_look_s ?? Number.POSITIVE_INFINITY;

type RowProps = { call: Call; names: Names; chosen: boolean; choose: () => void };

function Row({ call, names, chosen, choose }: RowProps) {
  const t = useT();
  const talked = talkedS(call);
  const look = lookAt(call, useJunkS());
  return (
    <li>
      <button type="button" className="list-row day-call" aria-pressed={chosen} onClick={choose}>
        <span>{wibShort(call.offered_at)}</span>
        <span className="ellipsis">
          <What call={call} names={names} />
        </span>
        <span className="look">
          {look && (
            <span className="tag" title={t(`supervisor.look.${look}`)}>
              <Icon name="eye" size={14} />
              {t("supervisor.look")}
            </span>
          )}
        </span>
        <span className="t2 ellipsis wide-only">{names.person(call.account_id)}</span>
        <span className="right">{talked === null ? "–" : minutesSeconds(talked)}</span>
      </button>
    </li>
  );
}

function whyNot(call: Call | undefined, t: Translate): string | null {
  if (!call) return t("supervisor.calls.choose");
  return call.recording_state === "stored" ? null : t("supervisor.calls.noRecording");
}

const idOf = (call: Call) => call.id;

/** The chosen row and its keys. */
function useChosen(
  list: readonly Call[],
  play: (call: Call) => void,
): [Call | undefined, (id: string) => void, DeskAction] {
  const t = useT();
  const [chosen, choose] = useSticky(list, idOf, "calls");
  const step = (by: number) => {
    const at = list.findIndex((call) => call.id === chosen?.id);
    choose(list[Math.min(list.length - 1, Math.max(0, at + by))]?.id ?? null);
  };
  const hear: DeskAction = {
    id: "calls.hear",
    label: "supervisor.calls.hear",
    labelFacts: { at: chosen ? wibShort(chosen.offered_at) : "–" },
    keys: "Alt H",
    blocked: whyNot(chosen, t),
    run: () => chosen && play(chosen),
  };
  useDeskKeys([
    hear,
    { id: "calls.next", label: "supervisor.calls.next", keys: "Alt N", run: () => step(1) },
    { id: "calls.before", label: "supervisor.calls.before", keys: "Alt B", run: () => step(-1) },
  ]);
  return [chosen, choose, hear];
}

type Props = { calls: readonly Call[] | null; names: Names };

/** Every call of the day with what it was; pranks and silent ones that lasted are marked, to be heard with a reason. */
export function CallsPanel({ calls, names }: Props) {
  const t = useT();
  const [filter, setFilter] = useState<CallFilter>("all");
  const all = calls ?? [];
  const [playingId, play] = useTyped<string | null>("supervisor.playing", null);
  const playing = all.find((call) => call.id === playingId);
  const junkS = useJunkS();
  const list = filtered(all, filter, junkS);
  const [chosen, choose, hear] = useChosen(list, (call) => play(call.id));
  return (
    <Panel
      grow
      title={t("supervisor.calls")}
      count={calls ? all.length : "–"}
      tools={<Filters value={filter} choose={setFilter} n={filtered(all, "look", junkS).length} />}
      acts={playing ? undefined : <DeskButton action={hear} icon="play" />}
    >
      {!calls && <LoadingBars what={t("supervisor.calls")} />}
      {calls && list.length === 0 && (
        <EmptyState title={t(`supervisor.calls.none.${filter}`)} fact={t("supervisor.calls.noneFact")} />
      )}
      <ul className="scroll grow">
        {list.map((call) => (
          <Row
            key={call.id}
            call={call}
            names={names}
            chosen={call.id === chosen?.id}
            choose={() => choose(call.id)}
          />
        ))}
      </ul>
      {playing && (
        <div className="day-playback">
          <Playback key={playing.id} call={playing} onClose={() => play(null)} />
        </div>
      )}
    </Panel>
  );
}
