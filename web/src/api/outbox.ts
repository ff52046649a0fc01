/**
 * What was decided while the server was away: kept by the browser, sent once each with its own key when it returns.
 * Lines are sent in the order they were written; one that the server refuses is kept with the server's words and
 * does not hold up the others. A line goes out only under its own writer's session: after a hand-over the lines of
 * the person before wait on the disk until that person signs in here again.
 */
import { create } from "zustand";
import { cookieIsOf, useSession } from "@/app/session";
import { newKey, Offline, Problem, post } from "./http";

export type Waiting = {
  key: string;
  path: string;
  body: unknown;
  /** What it is, in words for the list on the desk. */
  label: string;
  /** When the person did it (ISO); goes out as it is where the body carries a time. */
  at: string;
  /** Who wrote it; lines stored by older versions have none until somebody is known to be present. */
  account_id?: string;
  /** Lines of one lane go out in their order: one that must wait holds up those behind it. */
  lane?: string;
  /** The server's refusal, when it gave one: no more tries before a person looks. */
  refused?: string;
  /** When it was refused (ISO). */
  refused_at?: string;
};

/** `waiting`: the present person's own lines; the disk may hold those of others. */
type Outbox = { waiting: Waiting[]; sending: boolean };

const KEPT_AS = "sigap.outbox";
const RETRY_MS = 3000;
/** A refused line stays this long for its writer to read. */
const REFUSED_KEPT_MS = 24 * 3600_000;
/** The call is not forwarded by voice yet, or we must sign in again: not a refusal, only too early. */
const TOO_EARLY = new Set(["call.not_yet_known", "journal.busy"]);

/** The first sending was done; its answer is not told twice, only the id of the case. */
const READ_AGAIN = "idempotency.read_again";

function kept(): Waiting[] {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS) ?? "[]") as Waiting[];
  } catch {
    return [];
  }
}

const writer = (): string | undefined => useSession.getState().who?.account.id;

/** Lines that nobody has signed yet count as the present person's. */
const isOwn = (line: Waiting): boolean => line.account_id === undefined || line.account_id === writer();

export const useOutbox = create<Outbox>()(() => ({ waiting: kept().filter(isOwn), sending: false }));

function keep(waiting: Waiting[]): void {
  localStorage.setItem(KEPT_AS, JSON.stringify(waiting));
  useOutbox.setState({ waiting: waiting.filter(isOwn) });
}

const isOver = (line: Waiting): boolean =>
  line.refused !== undefined && Date.now() - Date.parse(line.refused_at ?? line.at) > REFUSED_KEPT_MS;

/** Lets go what was refused long ago, and signs what has no writer yet for who is here. */
function tidy(): void {
  const id = writer();
  keep(
    kept()
      .filter((line) => !isOver(line))
      .map((line) => (id && line.account_id === undefined ? { ...line, account_id: id } : line)),
  );
}

function replace(key: string, by: Waiting | null): void {
  const now = kept();
  keep(by ? now.map((line) => (line.key === key ? by : line)) : now.filter((line) => line.key !== key));
}

function tooEarly(error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  return TOO_EARLY.has(error.code) || error.status === 401 || error.status === 429 || error.status >= 500;
}

const listeners = new Set<(line: Waiting, answer: unknown) => void>();

/** Hears what the server answered to a line that went out later. Returns the way to stop. */
export function onSent(hear: (line: Waiting, answer: unknown) => void): () => void {
  listeners.add(hear);
  return () => listeners.delete(hear);
}

const refusals = new Set<(line: Waiting) => void>();

/** Hears of a line that the server has just refused, with its words. Returns the way to stop. */
export function onRefused(hear: (line: Waiting) => void): () => void {
  refusals.add(hear);
  return () => refusals.delete(hear);
}

/** The line that is on its way to the server now. */
let onItsWay: string | null = null;

/** "gone": the server is away, stop here; "later": this line must wait; "done": it is through or refused. */
async function sendOne(line: Waiting): Promise<"gone" | "later" | "done"> {
  try {
    onItsWay = line.key;
    const answer = await post<unknown>(line.path, line.body, { key: line.key }).finally(() => {
      onItsWay = null;
    });
    replace(line.key, null);
    for (const hear of listeners) hear(line, answer);
    return "done";
  } catch (error) {
    if (error instanceof Offline) return "gone";
    if (tooEarly(error)) return "later";
    if (!(error instanceof Problem)) throw error;
    if (error.code === READ_AGAIN) {
      replace(line.key, null);
      for (const hear of listeners) hear(line, error.facts);
      return "done";
    }
    const refused = { ...line, refused: error.message, refused_at: new Date().toISOString() };
    replace(line.key, refused);
    for (const hear of refusals) hear(refused);
    return "done";
  }
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** Sends what waits. Safe to call at any time, from several tabs at once: the keys make each count once. */
export async function flushOutbox(): Promise<void> {
  clearTimeout(timer);
  if (useOutbox.getState().sending) return;
  tidy();
  useOutbox.setState({ sending: true });
  let again = false;
  const tried = new Set<string>();
  const held = new Set<string>();
  // Read anew each time: a line taken in while another is on its way goes out in the same run.
  const ready = (line: Waiting) =>
    isOwn(line) && !(line.refused || tried.has(line.key) || (line.lane && held.has(line.lane)));
  const next = () => (cookieIsOf(writer()) ? kept().find(ready) : undefined);
  try {
    for (let line = next(); line; line = next()) {
      tried.add(line.key);
      const outcome = await sendOne(line);
      if (outcome !== "done") again = true;
      if (outcome === "later" && line.lane) held.add(line.lane);
      if (outcome === "gone") break;
    }
  } finally {
    useOutbox.setState({ sending: false });
  }
  if (again) timer = setTimeout(() => void flushOutbox(), RETRY_MS);
}

// Another person sees other lines, and who signs in (again) sends what waited.
useSession.subscribe((now, before) => {
  if (now.phase === before.phase && now.who?.account.id === before.who?.account.id) return;
  tidy();
  void flushOutbox();
});

/** Takes a line into the box, under the name of whoever wrote it, and tries at once: on the disk before it is sent. */
export function takeIn(line: Waiting): void {
  const id = writer();
  const now = kept();
  if (!now.some((one) => one.key === line.key)) keep([...now, id ? { account_id: id, ...line } : line]);
  void flushOutbox();
}

/** Takes what was decided just now into the box and tries at once. Returns its key. */
export function sendSurely(
  path: string,
  body: unknown,
  label: string,
  key: string = newKey(),
  lane?: string,
): string {
  takeIn({ key, path, body, label, at: new Date().toISOString(), ...(lane ? { lane } : {}) });
  return key;
}

/** Takes a line back before it has gone out; false when it is no longer in the box or on its way. */
export function withdraw(key: string): boolean {
  if (key === onItsWay) return false;
  const there = kept().some((line) => line.key === key);
  if (there) replace(key, null);
  return there;
}

export function isWaiting(key: string): boolean {
  return useOutbox.getState().waiting.some((line) => line.key === key);
}
