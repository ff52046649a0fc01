import { useT, useWord } from "@/i18n";
import { duration, wibTime } from "@/i18n/format";
import type { FeedAge } from "@/live/age";
import { Icon } from "@/ui/Icon";
import { usePartsState } from "./partsWords";
import type { WallRoom } from "./wallRoom";

/** One line: whether every part of the room works, and how old what stands above is when it is old. */
export function WallFoot({ room, age }: { room: WallRoom | null; age: FeedAge }) {
  const t = useT();
  const word = useWord();
  const parts = usePartsState(word);
  if (age.phase === "lost" || age.phase === "stale") {
    const at = age.lostSince ? wibTime(age.lostSince) : null;
    return (
      <footer className="wall-foot late" aria-live="polite">
        <Icon name="disconnected" />
        <b>{at ? t("wall.lost", { at }) : t("wall.stale")}</b>
        <span className="grow" />
        <span>{t("connection.stale", { age: duration(age.ageS) })}</span>
      </footer>
    );
  }
  const ill = parts.state === "degraded" || parts.state === "away";
  return (
    <footer className={`wall-foot${ill ? " near" : ""}`} aria-live="polite">
      <Icon name={ill ? "warning" : "signal"} />
      <span className="ellipsis">{parts.words}</span>
      <span className="grow" />
      {room && <span className="t2 nowrap">{t("wall.closedToday", { n: room.closedToday })}</span>}
    </footer>
  );
}
