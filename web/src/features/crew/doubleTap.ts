/** The thumb's button keeps its place while its meaning changes: the second tap of a double tap must not press the next step. */
const SAME_TAP_MS = 400;

let lastMs = Number.NEGATIVE_INFINITY;

/** Whether this press comes so soon after the last that it belongs to it. */
export function isSecondTap(nowMs: number = performance.now()): boolean {
  const second = nowMs - lastMs < SAME_TAP_MS;
  if (!second) lastMs = nowMs;
  return second;
}

/** Whoever has looked in between may press again at once. */
export function lookedAgain(): void {
  lastMs = Number.NEGATIVE_INFINITY;
}
