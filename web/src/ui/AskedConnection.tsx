import { useT } from "@/i18n";
import { duration } from "@/i18n/format";
import { secondsSince, useSecond } from "@/live/clock";
import { Icon } from "./Icon";

/** Connection of a screen that asks for its figures instead of following the room. `at`: when the last ones were made. */
export function AskedConnection({ away, at }: { away: boolean; at: string | undefined }) {
  const t = useT();
  const nowS = useSecond();
  if (away) {
    return (
      <span className="emergency-tag" role="status">
        <Icon name="disconnected" />
        {t("connection.lost", { age: duration(secondsSince(at, nowS)) })}
      </span>
    );
  }
  if (!at) return <span className="state s13 t2">{t("connection.loading")}</span>;
  return (
    <span className="state ready s13">
      <Icon name="signal" />
      {t("connection.live")}
    </span>
  );
}
