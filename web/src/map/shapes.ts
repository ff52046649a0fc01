/** Shapes of the priorities on the map, about a point: octagon, triangle, disc, bar. */
import type { Priority } from "@/live/rows";

export const BODY: Record<Priority, string> = {
  P1: "M-6-14H6L14-6V6L6 14H-6L-14 6V-6z",
  P2: "M0-16 16 12H-16z",
  P3: "M0-13a13 13 0 1 0 0 26a13 13 0 1 0 0-26z",
  P4: "M-14-9H14V9H-14z",
};

/** Where the number stands in its shape: a triangle's middle lies lower. */
export function middleOf(priority: Priority): number {
  return priority === "P2" ? 4 : 1;
}
