/** The wall is drawn at 1080 design pixels of height (1920 of width at least) and scaled to whatever screen hangs there. */
import { useSyncExternalStore } from "react";

const WIDTH = 1920;
const HEIGHT = 1080;

function scaleFor(width: number, height: number): number {
  return Math.min(width / WIDTH, height / HEIGHT);
}

function subscribe(changed: () => void): () => void {
  window.addEventListener("resize", changed);
  return () => window.removeEventListener("resize", changed);
}

export function useScale(): { scale: number; width: number; height: number } {
  const scale = useSyncExternalStore(subscribe, () => scaleFor(window.innerWidth, window.innerHeight));
  return { scale, width: window.innerWidth / scale, height: window.innerHeight / scale };
}
