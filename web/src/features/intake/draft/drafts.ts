/** Drafts of this person, one an entry in localStorage: they outlive a reload, the call and the session. */
import { create } from "zustand";
import { newKey } from "@/api/http";
import type { IntakeChannel } from "@/api/intake";
import { useSession } from "@/app/session";
import { onTabForgotten } from "@/live/tab";
import { type Draft, emptyDraft, hasContent } from "./draft";

const PREFIX = "sigap.draft.";
/** Drafts older than a day are let go: what was worth keeping is an incident by then. */
const KEEP_MS = 24 * 3600 * 1000;
const FOCUS = "sigap.draft.focus";

type Drafts = {
  drafts: Record<string, Draft>;
  /** The draft on the form now. */
  focus: string | null;
};

function mine(): string {
  return `${PREFIX}${useSession.getState().who?.account.id ?? "-"}.`;
}

function read(): Record<string, Draft> {
  const found: Record<string, Draft> = {};
  for (let at = localStorage.length - 1; at >= 0; at -= 1) {
    const key = localStorage.key(at);
    if (!key?.startsWith(PREFIX)) continue;
    try {
      const draft = JSON.parse(localStorage.getItem(key) ?? "") as Draft;
      if (Date.now() - draft.changedAt > KEEP_MS) localStorage.removeItem(key);
      else if (key.startsWith(mine())) found[draft.id] = draft;
    } catch {
      localStorage.removeItem(key);
    }
  }
  return found;
}

export const useDrafts = create<Drafts>()(() => ({ drafts: {}, focus: null }));

// The next person's form must not stand on a call of the one before.
onTabForgotten(() => useDrafts.setState({ drafts: {}, focus: null }));

/** Reads this person's drafts; run when the desk opens. */
export function openDrafts(): void {
  useDrafts.setState({ drafts: read(), focus: sessionStorage.getItem(FOCUS) });
}

export function putDraft(draft: Draft): void {
  const kept = { ...draft, changedAt: Date.now() };
  localStorage.setItem(mine() + draft.id, JSON.stringify(kept));
  useDrafts.setState(({ drafts }) => ({ drafts: { ...drafts, [draft.id]: kept } }));
}

/** Changes some fields of a draft that may not exist yet. */
export function changeDraft(base: Draft, change: Partial<Draft>): void {
  putDraft({ ...(useDrafts.getState().drafts[base.id] ?? base), ...change });
}

export function dropDraft(id: string): void {
  localStorage.removeItem(mine() + id);
  useDrafts.setState(({ drafts, focus }) => {
    const { [id]: _gone, ...rest } = drafts;
    return { drafts: rest, focus: focus === id ? null : focus };
  });
}

export function focusDraft(id: string | null): void {
  if (id) sessionStorage.setItem(FOCUS, id);
  else sessionStorage.removeItem(FOCUS);
  useDrafts.setState({ focus: id });
}

/** A new draft for an incident without a call; it has the form at once. */
export function startWithoutCall(channel: IntakeChannel): void {
  const id = `tanpa-${newKey()}`;
  putDraft(emptyDraft(id, null, channel));
  focusDraft(id);
}

/** Drafts with something in them that are neither on the form nor incidents yet. */
export function leftOver({ drafts, focus }: Drafts): Draft[] {
  return Object.values(drafts)
    .filter((draft) => draft.id !== focus && !draft.incidentId && hasContent(draft))
    .sort((a, b) => b.changedAt - a.changedAt);
}
