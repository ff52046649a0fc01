import { useEffect, useState } from "react";
import { useT } from "@/i18n";
import { type Found, fits, usePalette } from "./palette";
import { type DeskAction, useRegistry } from "./registry";

type PaletteLine = Found & { action?: DeskAction };
export type Group = { title: string; found: PaletteLine[] };

const WAIT_MS = 150;

function useActionLines(words: string): PaletteLine[] {
  const t = useT();
  const lists = useRegistry((registry) => registry.lists);
  return Object.values(lists)
    .flat()
    .filter((action) => !action.keyOnly)
    .map((action) => ({
      id: action.id,
      title: t(action.label, action.labelFacts),
      keys: action.keys,
      blocked: action.blocked,
      run: action.run,
      action,
    }))
    .filter((line) => !words || fits(words, line.title));
}

/** What the palette shows for these words: actions at once, other sources as they answer. */
export function useFound(words: string): Group[] {
  const t = useT();
  const sources = usePalette((palette) => palette.sources);
  const [groups, setGroups] = useState<Group[]>([]);
  const actions = useActionLines(words.trim());
  useEffect(() => {
    const asked = words.trim();
    const stop = new AbortController();
    const ask = async () => {
      const answers = await Promise.all(
        Object.values(sources).map(async (source) => {
          try {
            return { title: source.title, found: await source.find(asked, stop.signal) };
          } catch {
            return { title: source.title, found: [] };
          }
        }),
      );
      if (!stop.signal.aborted) setGroups(answers.filter((group) => group.found.length > 0));
    };
    const timer = setTimeout(() => (asked ? void ask() : setGroups([])), WAIT_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [words, sources]);
  return actions.length > 0 ? [...groups, { title: t("app.find.group.actions"), found: actions }] : groups;
}
