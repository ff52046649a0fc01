import { type Translate, useT, useWord } from "@/i18n";
import { number, wibTime } from "@/i18n/format";
import { Icon } from "@/ui/Icon";
import { Panel } from "@/ui/Panel";
import { LoadingBars } from "@/ui/States";
import { alarmKind, type Health, useHealth } from "../wall/partsWords";

type Part = Health["parts"][string];
type WordOf = ReturnType<typeof useWord>;

/** How a part is, in words: its trouble, else what can be said of it in numbers. */
function words(part: Part, t: Translate, word: WordOf): string {
  if (part.state === "down") return t("supervisor.part.down");
  if (part.alarms?.length) return part.alarms.map((code) => word("voice_alarm", alarmKind(code))).join(", ");
  const free = part.free_mb === undefined ? null : number(part.free_mb / 1000, 0);
  if (part.state === "low") return t("supervisor.part.low", { free: free ?? "–" });
  if (free !== null) return t("supervisor.part.free", { free });
  if (part.spool_backlog) return t("supervisor.part.backlog", { n: part.spool_backlog });
  return t("supervisor.part.ok");
}

/** Every part of the room in words. The server that does not answer is itself the news. */
export function PartsPanel() {
  const t = useT();
  const word = useWord();
  const { data, isError, dataUpdatedAt } = useHealth();
  const at = dataUpdatedAt > 0 ? wibTime(dataUpdatedAt) : "–";
  return (
    <Panel
      title={t("supervisor.parts")}
      count={t(isError ? "supervisor.parts.since" : "supervisor.parts.at", { at })}
    >
      {!data && !isError && <LoadingBars what={t("supervisor.parts")} />}
      {isError && (
        <p className="part-away" role="alert">
          <Icon name="disconnected" /> <b>{t("supervisor.parts.away")}</b>
        </p>
      )}
      {data && !isError && (
        <dl className="parts">
          {Object.entries(data.parts).map(([name, part]) => (
            <div key={name} className={part.state === "ok" ? undefined : "ill"}>
              <dt className="label">{word("room_part", name)}</dt>
              <dd className={`state s13${part.state === "ok" ? " ready" : ""}`}>
                <Icon name={part.state === "ok" ? "check" : "warning"} />
                <span>{words(part, t, word)}</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}
