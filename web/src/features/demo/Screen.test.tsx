import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { faults } from "@/app/axe";
import { listenToKeys } from "@/keys/listen";
import { hush } from "@/keys/notice";
import { clashes, mounted, useRegistry } from "@/keys/registry";
import { city } from "./given";
import DemoScreen from "./Screen";

type Asked = { method: string; path: string; body: unknown };

/** The demo's doors with a city that remembers its switches; `status` other than 200 refuses. */
function doors(status = 200): Asked[] {
  const asked: Asked[] = [];
  const chairs = city();
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const body = init.body ? JSON.parse(String(init.body)) : null;
    asked.push({ method: init.method ?? "GET", path, body });
    if (init.method !== "POST") return new Response(JSON.stringify(chairs), { status });
    const found = chairs.find((one) => path.endsWith(`/${one.username}`));
    if (found) found.simulated = body.simulated;
    return new Response(null, { status: 204 });
  });
  return asked;
}

function show() {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <DemoScreen />
    </QueryClientProvider>,
  );
}

const key = (name: string) => fireEvent.keyDown(document.activeElement ?? window, { key: name });

describe("the demo's page", () => {
  beforeEach(() => {
    useRegistry.setState({ lists: {}, busy: new Set() });
    hush();
    vi.stubGlobal("open", vi.fn());
    return listenToKeys();
  });

  it("says that it is a demo, what to try, and the password", async () => {
    doors();
    show();
    expect(screen.getByText("DEMO")).toBeVisible();
    expect(
      within(screen.getByRole("list", { name: "Yang dapat dicoba" })).getAllByRole("listitem"),
    ).toHaveLength(3);
    expect(screen.getByText("sigap-demo")).toBeVisible();
    expect(await screen.findByRole("listitem", { name: "Meja Dispatch, dispatcher1 Demo" })).toBeVisible();
  });

  it("shows who plays each chair and leads to it in a tab of its own", async () => {
    doors();
    show();
    const mine = await screen.findByRole("listitem", { name: "Meja 1, Operator Demo 1" });
    expect(within(mine).getByText("Simulasi")).toBeVisible();
    const link = within(mine).getByRole("link", { name: "Duduk di Meja 1, Operator Demo 1" });
    expect(link).toHaveAttribute("href", "http://operator1.localhost:8112/api/demo/sit/operator1?lang=id");
    expect(link).toHaveAttribute("target", "_blank");
    expect(within(screen.getByRole("listitem", { name: /^Meja 3/ })).getByText("Orang")).toBeVisible();
    expect(within(screen.getByRole("listitem", { name: /^Penyelia/ })).getByText("Kosong")).toBeVisible();
    expect(screen.getByRole("listitem", { name: "Awak DMK-02 Demo" })).toBeVisible();
    expect(screen.queryByText("admin Demo")).toBeNull();
  });

  it("sends the simulated colleague away and shows it", async () => {
    const asked = doors();
    show();
    const row = await screen.findByRole("listitem", { name: /^Meja 2/ });
    await userEvent.click(within(row).getByRole("switch"));
    await waitFor(() => expect(within(row).getByRole("switch")).toHaveAttribute("aria-checked", "false"));
    expect(asked.find((one) => one.method === "POST")).toEqual({
      method: "POST",
      path: "/api/demo/chairs/operator2",
      body: { simulated: false },
    });
    expect(within(row).getByText("Kosong")).toBeVisible();
  });

  it("is used by keys: numbers sit, arrows choose, S switches", async () => {
    const asked = doors();
    show();
    await screen.findByRole("listitem", { name: /^Meja 1/ });
    key("4");
    expect(window.open).toHaveBeenCalledWith(
      expect.stringContaining("dispatcher1.localhost"),
      "_blank",
      "noopener",
    );
    key("ArrowDown");
    await waitFor(() => expect(screen.getByRole("link", { name: /^Duduk di Meja 1/ })).toHaveFocus());
    key("ArrowDown");
    expect(screen.getByRole("link", { name: /^Duduk di Meja 2/ })).toHaveFocus();
    await waitFor(() => expect(mounted().find((one) => one.id === "demo.turn")?.blocked).toBeNull());
    key("s");
    await waitFor(() => expect(asked.some((one) => one.path === "/api/demo/chairs/operator2")).toBe(true));
  });

  it("finds a crew by its unit", async () => {
    doors();
    show();
    await screen.findByRole("listitem", { name: "Awak AMB-01 Demo" });
    await userEvent.type(screen.getByLabelText("Saring kru"), "dmk-10");
    expect(screen.queryByRole("listitem", { name: "Awak AMB-01 Demo" })).toBeNull();
    expect(screen.getByRole("listitem", { name: "Awak DMK-10 Demo" })).toBeVisible();
    await userEvent.keyboard("{Enter}");
    expect(window.open).toHaveBeenCalledWith(
      expect.stringContaining("crew-dmk-10.localhost"),
      "_blank",
      "noopener",
    );
  });

  it("has no key twice and no fault that axe finds", async () => {
    doors();
    show();
    await screen.findByRole("listitem", { name: /^Meja 1/ });
    expect(clashes(mounted())).toEqual([]);
    expect(await faults()).toEqual([]);
  });

  it("is not there where the server is no demo", async () => {
    doors(404);
    show();
    expect(await screen.findByText("Halaman ini tidak ada.")).toBeVisible();
  });
});
