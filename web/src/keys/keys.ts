/** Names of keys as they stand on the buttons ("Ctrl Enter", "Alt J", "F2", "/") and how a key press matches them. */

type Parts = { ctrl: boolean; alt: boolean; shift: boolean; main: string };

function parse(keys: string): Parts {
  const words = keys.split(" ");
  const main = words.pop() ?? "";
  return { ctrl: words.includes("Ctrl"), alt: words.includes("Alt"), shift: words.includes("Shift"), main };
}

function mainMatches(main: string, event: KeyboardEvent): boolean {
  if (/^[A-Z]$/.test(main)) return event.code === `Key${main}` || event.key.toUpperCase() === main;
  if (/^[0-9]$/.test(main))
    return event.code === `Digit${main}` || event.code === `Numpad${main}` || event.key === main;
  return event.key === (main === "Esc" ? "Escape" : main === "Space" ? " " : main);
}

export function matches(keys: string, event: KeyboardEvent): boolean {
  const want = parse(keys);
  const symbol = /^[^A-Za-z0-9]$/.test(want.main);
  if (want.ctrl !== (event.ctrlKey || event.metaKey) || want.alt !== event.altKey) return false;
  if (!symbol && want.shift !== event.shiftKey) return false;
  return mainMatches(want.main, event);
}

/** Keys that are letters of a text: they act only while nobody is typing. */
export function isPlain(keys: string): boolean {
  const { ctrl, alt, main } = parse(keys);
  return (
    !ctrl && !alt && (main.length === 1 || main === "Space" || main === "Enter" || main.startsWith("Arrow"))
  );
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLInputElement)
    return !["checkbox", "radio", "button", "range"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
