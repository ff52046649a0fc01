/** What somebody is in the middle of in this tab: it survives a reload, belongs to the tab alone, and goes with sign-out. */
import { useCallback, useEffect, useState } from "react";

const PREFIX = "sigap.tab.";
const TYPED = `${PREFIX}typed.`;

function forget(prefix: string): void {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(prefix)) sessionStorage.removeItem(name);
  }
}

function read<T>(name: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "null") as T | null;
  } catch {
    return null;
  }
}

/** What was kept under a name before the reload. */
export const keptInTab = <T>(name: string): T | null => read<T>(PREFIX + name);

/** Keeps a value over a reload; null lets go. */
export function keepInTab(name: string, value: unknown): void {
  if (value === null) sessionStorage.removeItem(PREFIX + name);
  else sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
}

const forgetters = new Set<() => void>();

/** For what a screen holds in its memory of the person who sits here. Returns the way to stop. */
export function onTabForgotten(run: () => void): () => void {
  forgetters.add(run);
  return () => forgetters.delete(run);
}

/** Everything that this tab keeps of a person, their seat and form too. */
const OURS = "sigap.";

/** Nobody sits here any more: neither in memory nor in the tab's store is anything left of what they did. */
export function forgetTab(): void {
  for (const run of forgetters) run();
  forget(OURS);
}

const SITS_HERE = "sigap.sits";

/** Who sits here now. Whoever signed in through another tab finds nothing of the person before in this one. */
export function sitHere(accountId: string): void {
  const before = sessionStorage.getItem(SITS_HERE);
  if (before !== null && before !== accountId) forgetTab();
  sessionStorage.setItem(SITS_HERE, accountId);
}

/** What was typed for a question that is no longer asked, so that it never turns up under the next one. */
export const forgetTyped = () => forget(TYPED);

/** While a screen loads, a question may be taken off and put back: only one that stays away this long is closed. */
const CLOSED_AFTER_MS = 2000;
const closing = new Map<string, ReturnType<typeof setTimeout>>();

function close(kept: string): void {
  closing.set(
    kept,
    setTimeout(() => sessionStorage.removeItem(kept), CLOSED_AFTER_MS),
  );
}

/** A state that survives a reload but not its component: what is typed goes when its question is closed. */
export function useTyped<T>(name: string, initial: T): [T, (value: T) => void] {
  const kept = TYPED + name;
  const [value, set] = useState<T>(() => read<T>(kept) ?? initial);
  useEffect(() => {
    clearTimeout(closing.get(kept));
    return () => close(kept);
  }, [kept]);
  const change = useCallback(
    (next: T) => {
      set(next);
      sessionStorage.setItem(kept, JSON.stringify(next));
    },
    [kept],
  );
  return [value, change];
}
