import { type ReactNode, useId } from "react";
import { useT } from "@/i18n";
import { type DeskAction, perform, useRegistry } from "@/keys/registry";
import { Icon } from "./Icon";
import type { IconName } from "./icons";
import { Key } from "./Key";

type Props = {
  action: DeskAction;
  /** The one light button of a panel. */
  primary?: boolean;
  small?: boolean;
  /** Key above the word, as in the call bar. */
  stacked?: boolean;
  icon?: IconName;
  /** Stands right of the key, e.g. the seconds left to undo. */
  after?: ReactNode;
  grow?: boolean;
  /** This is the one that holds now, of several. */
  pressed?: boolean;
  /** Leave the reason out where the panel says it already; it stays as the button's description. */
  quietReason?: boolean;
};

/** ARIA's spelling of a key combination. */
function ariaKeys(keys: string | null): string | undefined {
  return keys?.replace("Ctrl", "Control").replaceAll(" ", "+");
}

/** A button of an action: its key on it; when it cannot be done now it stays, dashed, with the reason beside it. */
export function DeskButton({
  action,
  primary,
  small,
  stacked,
  icon,
  after,
  grow,
  pressed,
  quietReason,
}: Props) {
  const t = useT();
  const busy = useRegistry((registry) => registry.busy.has(action.id));
  const reasonId = useId();
  const classes = [
    "btn",
    primary && "primary",
    small && "small",
    stacked && "stacked",
    action.blocked && "is-blocked",
  ];
  return (
    <>
      <button
        type="button"
        className={classes.filter(Boolean).join(" ")}
        style={grow ? { flex: 1 } : undefined}
        aria-disabled={Boolean(action.blocked)}
        aria-busy={busy}
        aria-pressed={pressed}
        aria-describedby={action.blocked ? reasonId : undefined}
        aria-keyshortcuts={ariaKeys(action.keys)}
        title={action.blocked ?? undefined}
        onClick={() => void perform(action)}
      >
        {stacked && action.keys && <Key keys={action.keys} />}
        {icon && <Icon name={busy ? "clock" : icon} />}
        {busy && !stacked ? t("state.waiting") : t(action.label, action.labelFacts)}
        {!stacked && action.keys && <Key keys={action.keys} />}
        {after}
      </button>
      {action.blocked && (
        <span id={reasonId} className={quietReason || stacked ? "visually-hidden" : "btn-reason"}>
          {action.blocked}
        </span>
      )}
    </>
  );
}
