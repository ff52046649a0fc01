/** The world around a screen for its tests: a room, somebody signed in, a server at the other end, a browser's parts. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render } from "@testing-library/react";
import type { ComponentType } from "react";
import { vi } from "vitest";
import { useCatalogueStore } from "@/api/catalogue";
import { useOutbox } from "@/api/outbox";
import { useSession } from "@/app/session";
import { useLanguage } from "@/i18n";
import { hush } from "@/keys/notice";
import { useRegistry } from "@/keys/registry";
import { useRoom } from "@/live/room";
import type { Tables } from "@/live/rows";
import { catalogue } from "./given";

export type Asked = { method: string; path: string; body: unknown };
export type Answers = Record<string, (asked: Asked) => { status?: number; body: unknown }>;

/** Answers by path (a pattern after /api); what it was asked is kept in order. Unknown paths are away. */
export function server(answers: Answers): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    const path = (String(url).split("?")[0] ?? "").replace(/^\/api/, "");
    const body = init.body ? JSON.parse(String(init.body)) : null;
    const one = { method: init.method ?? "GET", path, body };
    asked.push(one);
    if (path === "/catalogue") return new Response(JSON.stringify(catalogue));
    const found = Object.entries(answers).find(([pattern]) => new RegExp(`^${pattern}$`).test(path));
    if (!found) throw new TypeError("no route to the server");
    const answer = found[1](one);
    return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 });
  });
  return asked;
}

export const posts = (asked: readonly Asked[]) =>
  asked.filter((one) => one.method === "POST").map(({ path, body }) => ({ path, body }));

type Person = { permissions: string[]; agency?: string | null; unit_id?: string | null };

/** Somebody signed in at a room with these rows, at the real time: rows are given relative to `ago`. */
export function givenRoom(tables: Tables, who: Person): void {
  vi.stubGlobal("matchMedia", () => ({
    matches: false,
    addEventListener: () => {},
    removeEventListener: () => {},
  }));
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe = () => {};
      disconnect = () => {};
    },
  );
  useLanguage.setState({ language: "id" });
  useRegistry.setState({ lists: {}, busy: new Set() });
  useOutbox.setState({ waiting: [], sending: false });
  useCatalogueStore.setState({ catalogue });
  useRoom.setState({ tables, seq: 1, phase: "live", heardAt: Date.now(), lostSince: null, positions: {} });
  const { permissions, agency = null, unit_id = null } = who;
  useSession.setState({
    phase: "signed_in",
    who: {
      account: { id: "me", username: "me", display_name: "Petugas Uji", roles: [], agency, unit_id },
      roles: [],
      permissions,
      agency,
      unit_id,
      home: "/",
    } as never,
  });
  hush();
}

export function showScreen(Screen: ComponentType): void {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={queries}>
      <Screen />
    </QueryClientProvider>,
  );
}

export const key = (name: string, more: KeyboardEventInit = {}) =>
  fireEvent.keyDown(document.activeElement ?? window, { key: name, ...more });
export const alt = (letter: string) => key(letter.toLowerCase(), { altKey: true, code: `Key${letter}` });
export const ctrlEnter = () => key("Enter", { ctrlKey: true });
