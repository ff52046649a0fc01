import { useState } from "react";
import { type Key, useT } from "@/i18n";
import { minutesSeconds, wibShort } from "@/i18n/format";
import { type DeskAction, perform, useDeskKeys } from "@/keys/registry";
import { useTable } from "@/live/room";
import type { Call } from "@/live/rows";
import { DeskButton } from "@/ui/DeskButton";
import { Key as KeyCap } from "@/ui/Key";
import { Panel } from "@/ui/Panel";
import { EmptyState } from "@/ui/States";
import type { Names } from "../assignment/names";
import { Playback } from "../intake/parts/OwnCalls";
import { type ReviewCall, type ReviewFilter, reviewList } from "./review";

const FILTERS: { filter: ReviewFilter; keys: string }[] = [
  { filter: "all", keys: "Alt 1" },
  { filter: "junk", keys: "Alt 2" },
  { filter: "long", keys: "Alt 3" },
];

function Filters({ value, choose }: { value: ReviewFilter; choose: (filter: ReviewFilter) => void }) {
  const t = useT();
  const actions: DeskAction[] = FILTERS.map(({ filter, keys }) => ({
    id: `review.filter.${filter}`,
    label: `supervisor.review.${filter}` as Key,
    keys,
    run: () => choose(filter),
  }));
  useDeskKeys(actions);
  return (
    <span className="segments">
      {actions.map((action, at) => (
        <button
          key={action.id}
          type="button"
          className="chip"
          aria-pressed={FILTERS[at]?.filter === value}
          onClick={() => void perform(action)}
        >
          {t(action.label)}
          <KeyCap keys={action.keys ?? ""} />
        </button>
      ))}
    </span>
  );
}

function Row({
  one,
  names,
  chosen,
  choose,
}: {
  one: ReviewCall;
  names: Names;
  chosen: boolean;
  choose: () => void;
}) {
  const t = useT();
  const { call, reason, talkedS } = one;
  return (
    <li>
      <button type="button" className="list-row review-row" aria-pressed={chosen} onClick={choose}>
        <span>{wibShort(call.offered_at)}</span>
        <b className="ellipsis">{t(`supervisor.reason.${reason}`)}</b>
        <span className="t2 ellipsis">{names.person(call.account_id)}</span>
        <span className="right">{talkedS === null ? "–" : minutesSeconds(talkedS)}</span>
      </button>
    </li>
  );
}

function whyNot(call: Call | undefined, t: ReturnType<typeof useT>): string | null {
  if (!call) return t("supervisor.review.choose");
  return call.recording_state === "stored" ? null : t("supervisor.review.noRecording");
}

/** Pranks, silent calls, long ones and those left open: to be heard, with a reason that is kept. */
export function ReviewPanel({ names }: { names: Names }) {
  const t = useT();
  const [filter, setFilter] = useState<ReviewFilter>("all");
  const [chosenId, choose] = useState<string | null>(null);
  const [playing, setPlaying] = useState<Call | null>(null);
  const list = reviewList(useTable("call"), filter);
  const chosen = (list.find(({ call }) => call.id === chosenId) ?? list[0])?.call;
  const step = (by: number) => {
    const at = list.findIndex(({ call }) => call.id === chosen?.id);
    choose(list[Math.min(list.length - 1, Math.max(0, at + by))]?.call.id ?? null);
  };
  const play: DeskAction = {
    id: "review.play",
    label: "supervisor.review.play",
    keys: "Alt H",
    blocked: whyNot(chosen, t),
    run: () => setPlaying(chosen ?? null),
  };
  useDeskKeys([
    play,
    { id: "review.next", label: "supervisor.review.next", keys: "Alt N", run: () => step(1) },
    { id: "review.before", label: "supervisor.review.before", keys: "Alt B", run: () => step(-1) },
  ]);
  return (
    <Panel
      grow
      title={t("supervisor.review")}
      count={list.length}
      tools={<Filters value={filter} choose={setFilter} />}
      acts={playing ? undefined : <DeskButton action={play} icon="play" />}
    >
      {list.length === 0 && (
        <EmptyState title={t("supervisor.review.none")} fact={t("supervisor.review.noneFact")} />
      )}
      <ul className="scroll grow">
        {list.map((one) => (
          <Row
            key={one.call.id}
            one={one}
            names={names}
            chosen={one.call.id === chosen?.id}
            choose={() => choose(one.call.id)}
          />
        ))}
      </ul>
      {playing && (
        <div className="review-playback">
          <Playback key={playing.id} call={playing} onClose={() => setPlaying(null)} />
        </div>
      )}
    </Panel>
  );
}
