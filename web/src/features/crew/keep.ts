/** The task kept on the phone, so that a reload without signal shows it again; and the news that it was ended. */
import { create } from "zustand";
import { onSignOut } from "@/app/session";
import type { Ended, Kept } from "./phone";

const KEPT_AS = "sigap.crew";

function stored(): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

export const useKept = create<{ kept: Kept | null; ended: Ended | null; watching: boolean }>()(() => ({
  kept: stored(),
  ended: null,
  watching: false,
}));

/** A task that is over leaves no personal data on the phone: what is kept then has no incident. */
export function keep(kept: Kept, ended: Ended | null): void {
  localStorage.setItem(KEPT_AS, JSON.stringify(kept));
  useKept.setState(ended ? { kept, ended } : { kept });
}

export function forget(): void {
  localStorage.removeItem(KEPT_AS);
  useKept.setState({ kept: null, ended: null, watching: false });
}

onSignOut(forget);
