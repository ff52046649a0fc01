/** The one line in which the desk answers a key press that did not do what was asked, or says that it did. No toasts. */
import { create } from "zustand";

export type NoticeKind = "said" | "failed";
export type Notice = { text: string; kind: NoticeKind; n: number };

const SHOWN_MS = 8000;

export const useNotice = create<{ notice: Notice | null }>()(() => ({ notice: null }));

let timer: ReturnType<typeof setTimeout> | undefined;
let n = 0;

export function tell(text: string, kind: NoticeKind = "said"): void {
  clearTimeout(timer);
  n += 1;
  useNotice.setState({ notice: { text, kind, n } });
  timer = setTimeout(() => useNotice.setState({ notice: null }), SHOWN_MS);
}

export function hush(): void {
  clearTimeout(timer);
  useNotice.setState({ notice: null });
}
