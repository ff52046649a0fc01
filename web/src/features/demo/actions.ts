/** What can be done on the demo page, as keys: sit down by number, walk by arrows, switch a colleague. */
import type { Chair } from "@/api/demo";
import { translate, useLanguage } from "@/i18n";
import type { DeskAction } from "@/keys/registry";
import { neighbour, playable, type Step } from "./chairs";
import { sitUrl } from "./useChairs";

/** "1" to "9" for the first nine chairs of the room. */
export const numberKey = (index: number) => (index < 9 ? String(index + 1) : null);

export function sitDown(chair: Chair): void {
  window.open(sitUrl(chair, useLanguage.getState().language), "_blank", "noopener");
}

export function sitActions(chairs: readonly Chair[]): DeskAction[] {
  return chairs.slice(0, 9).map((chair, index) => ({
    id: `demo.sit.${chair.username}`,
    label: "demo.sitAt",
    labelFacts: { who: chair.display_name },
    keys: numberKey(index),
    run: () => sitDown(chair),
  }));
}

const ARROWS: [Step, string][] = [
  ["up", "ArrowUp"],
  ["down", "ArrowDown"],
  ["left", "ArrowLeft"],
  ["right", "ArrowRight"],
];

/** The chair whose row has the focus now: read from the page, so that a held arrow key never lags behind. */
function focused(): string | null {
  return document.activeElement?.closest<HTMLElement>("[data-chair]")?.dataset.chair ?? null;
}

/** The focus walks over the links that sit down, so that Enter does it. */
export function walkActions(columns: readonly string[][]): DeskAction[] {
  return ARROWS.map(([step, keys]) => ({
    id: `demo.walk.${step}`,
    label: "demo.walk",
    keys,
    keyOnly: true,
    run: () => document.getElementById(`chair-${neighbour(columns, focused(), step)}`)?.focus(),
  }));
}

/** Turns the simulated colleague of a chair on or off; without a chair it says what to choose first. */
export function turnAction(
  chair: Chair | undefined,
  turn: (chair: Chair) => Promise<void>,
  keys: string | null,
): DeskAction {
  return {
    id: chair && !keys ? `demo.turn.${chair.username}` : "demo.turn",
    label: chair && !chair.simulated ? "demo.turnOn" : "demo.turnOff",
    labelFacts: { who: chair?.display_name ?? "–" },
    keys,
    blocked: !chair
      ? translate("demo.turn.none")
      : playable(chair)
        ? null
        : translate("demo.turn.looksOn", { who: chair.display_name }),
    run: () => (chair ? turn(chair) : undefined),
  };
}
