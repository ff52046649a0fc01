import type { Key as TextKey } from "@/i18n";
import { useT } from "@/i18n";
import { tell } from "@/keys/notice";
import { useDeskKeys } from "@/keys/registry";
import { useTyped } from "@/live/tab";
import { DeskButton } from "./DeskButton";
import { TextField } from "./Field";

/** Letters below which a reason says nothing. */
const REASON_MIN = 5;

type Props = {
  id: string;
  /** The record that is asked about: what was typed survives a reload for it alone. */
  of: string;
  label?: string;
  confirm: TextKey;
  keys?: string;
  onReason: (reason: string) => unknown;
  onCancel: () => void;
};

/** Asks for a reason in place, before something that needs one. Enter gives it, Esc goes back. */
export function ReasonField({ id, of, label, confirm, keys = "Alt O", onReason, onCancel }: Props) {
  const t = useT();
  const [text, setText] = useTyped(`${id}.${of}`, "");
  const short = text.trim().length < REASON_MIN ? t("reason.needed", { n: REASON_MIN }) : null;
  const give = { id: `${id}.give`, label: confirm, keys, blocked: short, run: () => onReason(text.trim()) };
  const back = { id: `${id}.back`, label: "denied.back" as const, keys: "Esc", over: true, run: onCancel };
  useDeskKeys([give, back]);
  return (
    <form
      className="col gap8"
      onSubmit={(event) => {
        event.preventDefault();
        if (short) tell(short, "failed");
        else void onReason(text.trim());
      }}
    >
      <TextField
        autoFocus
        label={label ?? t("reason.ask")}
        value={text}
        maxLength={300}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="row">
        <DeskButton small action={give} quietReason />
        <DeskButton small action={back} />
      </div>
    </form>
  );
}
