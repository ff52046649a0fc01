import { useT, useWord } from "@/i18n";
import { minutesSeconds, wibShort } from "@/i18n/format";
import { secondsSince, useSecond } from "@/live/clock";
import { useTable } from "@/live/room";
import type { Call } from "@/live/rows";
import { Icon } from "@/ui/Icon";
import { Panel } from "@/ui/Panel";
import { EmptyState, LoadingBars } from "@/ui/States";
import { waitedS } from "../intake/calls";
import { waitingCalls } from "../wall/wallRoom";

function lastAnswered(calls: Readonly<Record<string, Call>>): Call | undefined {
  return Object.values(calls)
    .filter((call) => call.answered_at)
    .sort((a, b) => (b.answered_at ?? "").localeCompare(a.answered_at ?? ""))[0];
}

/** Who waits, the longest on top, and where it rings. */
export function QueuePanel({ unknown }: { unknown: boolean }) {
  const t = useT();
  const word = useWord();
  const nowS = useSecond();
  const calls = useTable("call");
  const waiting = waitingCalls(calls);
  const last = lastAnswered(calls);
  return (
    <Panel
      grow
      title={t("supervisor.queue")}
      count={unknown ? "–" : t("supervisor.queue.count", { n: waiting.length })}
    >
      {unknown && <LoadingBars what={t("supervisor.queue")} />}
      {!unknown && waiting.length === 0 && (
        <EmptyState
          title={t("supervisor.queue.none")}
          fact={
            last &&
            t("supervisor.queue.last", {
              at: wibShort(last.answered_at ?? ""),
              waited: minutesSeconds(waitedS(last) ?? 0),
            })
          }
        />
      )}
      <ul className="supervisor-rows">
        {waiting.map((call) => (
          <li key={call.id} className="list-row queue-row">
            <Icon name={call.state === "alerting" ? "bell" : "hourglass"} />
            <span className="col">
              <b>{word("call_state", call.state)}</b>
              <span className="t2 s13 ellipsis">
                {call.seat ? word("seat", call.seat) : t("supervisor.queue.noSeat")}
                {" · "}
                {t(`supervisor.number.${call.number_class}`)}
              </span>
            </span>
            <span className="clock compact" role="timer">
              {minutesSeconds(secondsSince(call.offered_at, nowS) ?? 0)}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
