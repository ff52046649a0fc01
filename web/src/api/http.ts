/** One typed fetch for the whole web: problem+json, idempotency keys, the person's language, the server's clock. */
import { language, translate } from "@/i18n";
import { noteServerTime } from "@/live/clock";

/** A refusal of the server (RFC 9457). `message` is the server's own text in the person's language: show it as it is. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly facts: Record<string, unknown> = {},
  ) {
    super(detail || title || translate("notice.unknownError"));
    this.name = "Problem";
  }
}

/** The server could not be reached, or answered that it is not able to work now: nothing is known to have happened. */
export class Offline extends Error {
  constructor() {
    super(translate("notice.offlineNothingDone"));
    this.name = "Offline";
  }
}

const AWAY = new Set([502, 503, 504]);
const TIMEOUT_MS = 10_000;

type SessionEnded = () => void;
let sessionEnded: SessionEnded = () => {};

/** The app is told about a 401 on any request, so that the person can sign in again in place. */
export function onSessionEnded(tell: SessionEnded): void {
  sessionEnded = tell;
}

/** A fresh key; every POST carries one, a retry carries the same one. */
export function newKey(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export type Asking = {
  body?: unknown;
  /** Idempotency-Key; made here when a POST has none. */
  key?: string;
  signal?: AbortSignal;
  /** True for the sign-in itself: a wrong password is not an ended session. */
  quiet401?: boolean;
};

async function readProblem(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    const said = (name: string) => (typeof body[name] === "string" ? (body[name] as string) : "");
    return new Problem(
      response.status,
      said("code") || `http.${response.status}`,
      said("title"),
      said("detail"),
      (body.facts as Record<string, unknown>) ?? {},
    );
  } catch {
    return new Problem(response.status, `http.${response.status}`, "", "");
  }
}

function withTimeout(signal?: AbortSignal): AbortSignal {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  return signal ? AbortSignal.any([signal, limit]) : limit;
}

async function send(method: string, path: string, asking: Asking): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": language() };
  if (asking.body !== undefined) headers["Content-Type"] = "application/json";
  if (method === "POST") headers["Idempotency-Key"] = asking.key ?? newKey();
  let response: Response;
  try {
    response = await fetch(`/api${path}`, {
      method,
      headers,
      body: asking.body === undefined ? undefined : JSON.stringify(asking.body),
      signal: withTimeout(asking.signal),
      credentials: "same-origin",
    });
  } catch (cause) {
    if (asking.signal?.aborted) throw cause;
    throw new Offline();
  }
  noteServerTime(response.headers.get("date"));
  if (AWAY.has(response.status)) throw new Offline();
  if (response.status === 401 && !asking.quiet401) sessionEnded();
  if (!response.ok) throw await readProblem(response);
  return response;
}

async function ask<T>(method: string, path: string, asking: Asking = {}): Promise<T> {
  const response = await send(method, path, asking);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

/** A file as the server names it. */
export async function getFile(path: string): Promise<{ name: string; content: Blob }> {
  const response = await send("GET", path, {});
  const named = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "");
  return { name: named?.[1] ?? "sigap", content: await response.blob() };
}

export const get = <T>(path: string, asking?: Asking) => ask<T>("GET", path, asking);
export const post = <T>(path: string, body: unknown = {}, asking?: Asking) =>
  ask<T>("POST", path, { ...asking, body });
export const del = <T>(path: string, asking?: Asking) => ask<T>("DELETE", path, asking);

/** "?q=gg+melati&lon=106.5": leaves out what is empty. */
export function query(values: Record<string, string | number | boolean | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : "";
}
