/** What Ctrl K can find beside the actions of the screen: screens add sources for places, units, incidents. */
import { useEffect, useId } from "react";
import { create } from "zustand";

export type Found = {
  id: string;
  title: string;
  hint?: string;
  keys?: string | null;
  blocked?: string | null;
  run: () => unknown;
};
export type PaletteSource = {
  /** Head of the group, in words. */
  title: string;
  /** Answers words typed by the person; may ask the server. At most a handful of lines, best first. */
  find: (words: string, signal: AbortSignal) => Found[] | Promise<Found[]>;
};

/** `words`: what the search begins with. */
type Palette = { open: "find" | "shortcuts" | null; words: string; sources: Record<string, PaletteSource> };

export const usePalette = create<Palette>()(() => ({ open: null, words: "", sources: {} }));

export const openPalette = () => usePalette.setState({ open: "find", words: "" });
export const openShortcuts = () => usePalette.setState({ open: "shortcuts" });
/** Also called when a call rings: nothing may cover it. */
export const closePalette = () => usePalette.setState({ open: null });

/** Offers a source while the calling component is mounted; keep the object stable (useMemo). */
export function usePaletteSource(source: PaletteSource): void {
  const owner = useId();
  useEffect(() => {
    usePalette.setState(({ sources }) => ({ sources: { ...sources, [owner]: source } }));
    return () =>
      usePalette.setState(({ sources }) => {
        const { [owner]: _gone, ...rest } = sources;
        return { sources: rest };
      });
  }, [owner, source]);
}

/** Every typed word occurs in the text, in any order. */
export function fits(words: string, text: string): boolean {
  const low = text.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => low.includes(word));
}
