import { useT } from "@/i18n";
import type { DeskAction } from "@/keys/registry";
import { DeskButton } from "@/ui/DeskButton";

type Props = {
  primary: DeskAction | null;
  left: readonly DeskAction[];
  /** Second-rank verbs: only where there is room; key and palette have them everywhere. */
  right?: readonly DeskAction[];
  /** Large buttons while the one thing to do is to take the task. */
  large?: boolean;
};

/** The buttons of a panel, and above them in one line why those that are dashed cannot be pressed now. */
export function Acts({ primary, left, right = [], large }: Props) {
  const t = useT();
  const blocked = [primary, ...left, ...right]
    .filter((action) => action !== null)
    .filter((action) => action.blocked);
  const byReason = new Map<string, string[]>();
  for (const { label, labelFacts, blocked: why } of blocked) {
    byReason.set(why ?? "", [...(byReason.get(why ?? "") ?? []), t(label, labelFacts)]);
  }
  return (
    <>
      {blocked.length > 0 && (
        <p className="acts-why">
          {[...byReason].map(([why, labels]) => `${labels.join(", ")}: ${why}`).join(" ")}
        </p>
      )}
      {(primary || left.length + right.length > blocked.length || left.length > 0) && (
        <footer className={`panel-acts${large ? " large" : ""}`}>
          {primary && <DeskButton primary action={primary} quietReason grow={Boolean(large)} />}
          {left.map((action) => (
            <DeskButton key={action.id} action={action} quietReason />
          ))}
          {!large && <span className="grow wide-only" />}
          {right.map((action) => (
            <span key={action.id} className="wide-only">
              <DeskButton action={action} quietReason />
            </span>
          ))}
        </footer>
      )}
    </>
  );
}
