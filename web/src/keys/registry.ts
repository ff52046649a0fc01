/** Everything a person can do on the screen now: button, key, palette and key list all run the same object. */
import { useEffect, useId, useRef } from "react";
import { create } from "zustand";
import { Offline, Problem } from "@/api/http";
import { type Facts, type Key, translate } from "@/i18n";
import { tell } from "./notice";

export type DeskAction = {
  /** `assignment.acknowledge`: stable, unique on the screen. */
  id: string;
  label: Key;
  labelFacts?: Facts;
  /** As on the key caps: "F2", "Alt J", "Ctrl Enter", "1"; null when it has none. */
  keys: string | null;
  /** Why it cannot be done now, in words; null or absent when it can. Never hide the action instead. */
  blocked?: string | null;
  run: () => unknown;
  /** Belongs to something laid over the desk (a choice, the key list): its key wins while it is there. */
  over?: boolean;
  /** True for actions that would only crowd the palette (rows 1–9, cursor keys). */
  keyOnly?: boolean;
};

type Registry = {
  lists: Record<string, readonly DeskAction[]> /** Under way long enough to be shown. */;
  busy: ReadonlySet<string>;
};

export const useRegistry = create<Registry>()(() => ({ lists: {}, busy: new Set<string>() }));

/** Actions of the parts on the screen, in the order they appeared. */
export function mounted(): DeskAction[] {
  return Object.values(useRegistry.getState().lists).flat();
}

export type Clash = { keys: string; ids: string[] };

/** Keys that more than one action answers to. Empty on every good screen; a test of each screen says so. */
export function clashes(actions: readonly DeskAction[]): Clash[] {
  const byKey = new Map<string, Set<string>>();
  for (const action of actions) {
    if (!action.keys) continue;
    const layer = `${action.over ? "over " : ""}${action.keys}`;
    byKey.set(layer, (byKey.get(layer) ?? new Set()).add(action.id));
  }
  return [...byKey].filter(([, ids]) => ids.size > 1).map(([keys, ids]) => ({ keys, ids: [...ids] }));
}

/** Actions under way: a second press does nothing. */
const underWay = new Set<string>();
/** Only what takes longer than this shows "Mengirim …": a button that flickers is read as a fault. */
const SHOW_BUSY_AFTER_MS = 300;

function showBusy(id: string, on: boolean): void {
  useRegistry.setState(({ busy }) => {
    const next = new Set(busy);
    if (on) next.add(id);
    else next.delete(id);
    return { busy: next };
  });
}

/** Says in words why something did not happen; unexpected errors also go to the console. */
export function tellFailure(error: unknown): void {
  if (error instanceof Problem || error instanceof Offline) {
    tell(error.message, "failed");
    return;
  }
  // biome-ignore lint/suspicious/noConsole: a mistake of ours must be findable in the browser
  console.error(error);
  tell(translate("notice.unknownError"), "failed");
}

/** Runs an action as its button and its key do: a block is said aloud, a second press while it runs does nothing. */
export async function perform(action: DeskAction): Promise<void> {
  if (action.blocked) {
    tell(
      translate("notice.blocked", {
        label: translate(action.label, action.labelFacts),
        reason: action.blocked,
      }),
      "failed",
    );
    return;
  }
  if (underWay.has(action.id)) return;
  underWay.add(action.id);
  const timer = setTimeout(() => showBusy(action.id, true), SHOW_BUSY_AFTER_MS);
  try {
    await action.run();
  } catch (error) {
    tellFailure(error);
  } finally {
    clearTimeout(timer);
    underWay.delete(action.id);
    if (useRegistry.getState().busy.has(action.id)) showBusy(action.id, false);
  }
}

/** Puts actions on the screen while the calling component is mounted. */
export function useDeskKeys(actions: readonly DeskAction[]): void {
  const owner = useId();
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
    useRegistry.setState(({ lists }) => ({ lists: { ...lists, [owner]: actions } }));
  }, [actions, owner]);
  useEffect(
    () => () =>
      useRegistry.setState(({ lists }) => {
        const { [owner]: _gone, ...rest } = lists;
        return { lists: rest };
      }),
    [owner],
  );
}
