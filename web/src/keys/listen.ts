/** The one key listener of the page: finds the mounted action of a key press and runs it. */
import { translate } from "@/i18n";
import { isPlain, isTyping, matches } from "./keys";
import { tell } from "./notice";
import { type DeskAction, mounted, perform } from "./registry";

function wanted(event: KeyboardEvent): DeskAction[] {
  const typing = isTyping(event.target);
  const found = mounted().filter(
    (action) => action.keys && matches(action.keys, event) && !(typing && isPlain(action.keys)),
  );
  const over = found.filter((action) => action.over);
  return over.length > 0 ? over : found;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const found = wanted(event);
  // F1 is the strip's key: where no strip is up, the browser's help must not open over the desk.
  if (event.key === "F1") event.preventDefault();
  if (found.length === 0) return;
  const first = found[0] as DeskAction;
  // A button or link in focus keeps its own Enter and Space.
  if ((first.keys === "Enter" || first.keys === "Space") && event.target instanceof HTMLButtonElement) return;
  event.preventDefault();
  if (event.repeat && !first.keyOnly) return;
  if (new Set(found.map((action) => action.id)).size > 1) {
    tell(translate("notice.keyTwice", { keys: first.keys ?? "" }), "failed");
    return;
  }
  void perform(first);
}

export function listenToKeys(): () => void {
  window.addEventListener("keydown", onKeyDown);
  return () => window.removeEventListener("keydown", onKeyDown);
}
