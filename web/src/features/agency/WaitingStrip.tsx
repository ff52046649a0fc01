import { useT } from "@/i18n";
import { type DeskAction, useDeskKeys } from "@/keys/registry";
import { DeskButton } from "@/ui/DeskButton";
import { Icon } from "@/ui/Icon";
import { AGAIN_S, testSound, useSound, useTone, useUnlockBySomething } from "../assignment/tones";
import { choose } from "./console";
import type { Inbox } from "./inbox";

/** How many tasks wait, sounding until each is accepted or refused. Always 40 px. */
export function WaitingStrip({ inbox }: { inbox: Inbox | null }) {
  const t = useT();
  useUnlockBySomething();
  const sound = useSound((one) => one.state);
  const waiting = inbox?.waiting ?? [];
  const first = waiting[0];
  const stage = first?.stage ?? "normal";
  useTone(first ? "task" : null, first ? `${first.incident.id}.${first.jobs[0]?.escalation}` : null);
  const test: DeskAction = {
    id: "opd.sound",
    label: "opd.sound.test",
    keys: "Alt S",
    run: () => testSound("task"),
  };
  const open: DeskAction = {
    id: "opd.open",
    label: "dispatch.alarm.open",
    keys: "F1",
    run: () => first && choose(first.incident.id),
  };
  useDeskKeys(first ? [test, open] : [test]);
  const level = stage === "escalated" ? " level-1" : stage === "late" ? " level-2" : "";
  return (
    <section className={`alarm${level}`} role={first ? "alert" : undefined}>
      <Icon name="bell" />
      {first ? (
        <>
          <b className={level ? "" : "waiting-words"}>{t("opd.waiting", { n: waiting.length })}</b>
          <span className="ellipsis">{t("opd.waiting.sound", { n: AGAIN_S.task })}</span>
        </>
      ) : (
        <span>{t("opd.waiting.none")}</span>
      )}
      <span className="grow" />
      <span className="s13">{t(`opd.sound.${sound}`)}</span>
      {first && <DeskButton small action={open} />}
      <DeskButton small action={test} />
    </section>
  );
}
