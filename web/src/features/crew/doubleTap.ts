/** A button keeps its place while its meaning changes: the further taps of a double or triple tap must not press the next step. */
const REST_MS = 400;

let lastMs = Number.NEGATIVE_INFINITY;

/** Whether this press comes so soon after the last, counted or not, that it belongs to it: only a rest parts two presses. */
export function isSecondTap(nowMs: number = performance.now()): boolean {
  const second = nowMs - lastMs < REST_MS;
  lastMs = nowMs;
  return second;
}

/** Whoever has looked in between may press again at once. */
export function lookedAgain(): void {
  lastMs = Number.NEGATIVE_INFINITY;
}
