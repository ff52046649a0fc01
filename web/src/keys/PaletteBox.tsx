import { useEffect, useRef, useState } from "react";
import { useT } from "@/i18n";
import { Icon } from "@/ui/Icon";
import { Key } from "@/ui/Key";
import { closePalette, openPalette, openShortcuts, usePalette } from "./palette";
import { type DeskAction, perform, tellFailure, useDeskKeys } from "./registry";
import { ShortcutSheet } from "./ShortcutSheet";
import { type Group, useFound } from "./useFound";

const OPEN: DeskAction[] = [
  { id: "app.find", label: "app.find", keys: "Ctrl K", run: openPalette, keyOnly: true },
  { id: "app.shortcuts", label: "app.shortcuts", keys: "?", run: openShortcuts },
];

/** The search field of the top bar: Ctrl K finds any action, place, unit or incident. */
export function PaletteBox() {
  const t = useT();
  const open = usePalette((palette) => palette.open);
  useDeskKeys(OPEN);
  return (
    <div style={{ position: "relative" }}>
      <button type="button" className="find" onClick={openPalette} aria-keyshortcuts="Control+K">
        <Icon name="search" />
        <span className="wide-only">{t("app.findLong")}</span>
        <span className="narrow-only">{t("app.find")}</span>
        <Key keys="Ctrl K" />
      </button>
      {open === "find" && <FindBox />}
      {open === "shortcuts" && <ShortcutSheet />}
    </div>
  );
}

function FindBox() {
  const t = useT();
  const [words, setWords] = useState(() => usePalette.getState().words);
  const [at, setAt] = useState(0);
  const groups = useFound(words);
  const flat = groups.flatMap((group) => group.found);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) closePalette();
    };
    window.addEventListener("pointerdown", outside);
    return () => window.removeEventListener("pointerdown", outside);
  }, []);
  const run = async (index: number) => {
    const found = flat[index];
    if (!found) return;
    closePalette();
    try {
      if (found.action) await perform(found.action);
      else await found.run();
    } catch (error) {
      tellFailure(error);
    }
  };
  return (
    <div
      ref={box}
      className="drop"
      style={{ top: -4, right: 0, width: 520, maxHeight: 480 }}
      role="dialog"
      aria-label={t("app.find")}
    >
      <span className="field" style={{ flex: "none", border: 0 }}>
        <Icon name="search" />
        <input
          autoFocus
          aria-label={t("app.findLong")}
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={flat[at] ? `palette-${at}` : undefined}
          placeholder={t("app.findLong")}
          value={words}
          onChange={(event) => {
            setWords(event.target.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown") setAt(Math.min(at + 1, flat.length - 1));
            else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
            else if (event.key === "Enter") void run(at);
            else if (event.key === "Escape") closePalette();
            else return;
            event.preventDefault();
          }}
        />
        <Key keys="Esc" />
      </span>
      <FoundList groups={groups} at={at} onRun={run} />
      {words && flat.length === 0 && <p className="empty t2">{t("app.find.empty", { words })}</p>}
    </div>
  );
}

function FoundList({ groups, at, onRun }: { groups: Group[]; at: number; onRun: (index: number) => void }) {
  let index = -1;
  return (
    <div id="palette-list" role="listbox" className="scroll">
      {groups.map((group) => (
        <div key={group.title}>
          <div className="list-group">{group.title}</div>
          {group.found.map((found) => {
            index += 1;
            const here = index;
            return (
              <button
                key={found.id}
                id={`palette-${here}`}
                type="button"
                role="option"
                aria-selected={here === at}
                className="list-row"
                style={{ gridTemplateColumns: "1fr auto" }}
                onClick={() => onRun(here)}
              >
                <span className="ellipsis">
                  <b>{found.title}</b> {found.hint && <span className="t2 s13">{found.hint}</span>}
                  {found.blocked && <span className="t3 s13"> · {found.blocked}</span>}
                </span>
                {found.keys && <Key keys={found.keys} />}
              </button>
            );
          })}
        </div>
      ))}
    </div>
  );
}
