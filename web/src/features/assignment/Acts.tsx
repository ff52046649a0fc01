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
  return (
    <>
      {blocked.length > 0 && (
        <p className="acts-why">
          {blocked.map((action) => `${t(action.label, action.labelFacts)}: ${action.blocked}`).join(" ")}
        </p>
      )}
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
    </>
  );
}
