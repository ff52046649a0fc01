import type { ReactNode } from "react";
import { useT } from "@/i18n";
import { wibShort } from "@/i18n/format";
import type { DeskAction } from "@/keys/registry";
import { DeskButton } from "./DeskButton";
import { Icon } from "./Icon";
import type { IconName } from "./icons";

type Alarm = {
  level: 1 | 2 | 3;
  text: ReactNode;
  /** The two likely acts; the strip's own act has F1. */
  acts: DeskAction[];
  /** Level 1 only: someone has acknowledged, so it no longer blinks. */
  acknowledged?: boolean;
};

const MARK: Record<Alarm["level"], IconName> = { 1: "bell", 2: "clock", 3: "info" };

type Props = { alarm: Alarm | null; more?: DeskAction; lastAt?: string | null };

/** Always 40 px: shows the worst alarm, `more` opens the rest. */
export function AlarmStrip({ alarm, more, lastAt }: Props) {
  const t = useT();
  if (!alarm) {
    return (
      <section className="alarm" aria-label={t("alarm.none")}>
        <Icon name="bell" />
        <span>{t("alarm.none")}</span>
        <span className="grow" />
        {lastAt && <span className="s13">{t("alarm.last", { at: wibShort(lastAt) })}</span>}
      </section>
    );
  }
  const blink = alarm.level === 1 && !alarm.acknowledged;
  return (
    <section className={`alarm level-${alarm.level}`} role="alert">
      <span className={`row ellipsis${blink ? " blink" : ""}`}>
        <Icon name={MARK[alarm.level]} />
        <span>{t(`alarm.level.${alarm.level}`)}</span>
        <span className="ellipsis">{alarm.text}</span>
      </span>
      <span className="grow" />
      {more && <DeskButton small action={more} />}
      {alarm.acts.map((act) => (
        <DeskButton key={act.id} small action={act} quietReason />
      ))}
    </section>
  );
}
