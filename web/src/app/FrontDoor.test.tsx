import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { city } from "@/features/demo/given";
import { FrontDoor } from "./FrontDoor";
import { type SessionPhase, useSession } from "./session";

/** Opens `/` where the demo's doors answer with this status. */
function open(status: number, phase: SessionPhase, home?: string): void {
  vi.stubGlobal("fetch", async (path: string) =>
    path.endsWith("/demo/chairs")
      ? new Response(JSON.stringify(status === 200 ? city() : {}), { status })
      : new Response("{}", { status: 404 }),
  );
  useSession.setState({ phase, who: home ? ({ home, account: { display_name: "Ani" } } as never) : null });
  const root = createRootRoute();
  const at = (path: string, text: string) =>
    createRoute({ getParentRoute: () => root, path, component: () => <p>{text}</p> });
  const front = createRoute({ getParentRoute: () => root, path: "/", component: FrontDoor });
  const router = createRouter({
    routeTree: root.addChildren([front, at("/masuk", "sign in"), at("/dispatch", "the desk")]),
    history: createMemoryHistory({ initialEntries: ["/"] }),
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
}

describe("the front door", () => {
  it("shows the demo's page where this is a demo and nobody is signed in", async () => {
    open(200, "signed_out");
    expect(await screen.findByText("sigap-demo", {}, { timeout: 10_000 })).toBeVisible();
  });

  it("leads to the sign-in where this is no demo", async () => {
    open(404, "signed_out");
    expect(await screen.findByText("sign in")).toBeVisible();
  });

  it("leads a signed-in person to their own screen", async () => {
    open(200, "signed_in", "/dispatch");
    expect(await screen.findByText("the desk")).toBeVisible();
  });

  it("tells the administrator where their work is done", async () => {
    open(404, "signed_in", "/");
    expect(await screen.findByText(/sigap account/)).toBeVisible();
    expect(screen.queryByText("sign in")).toBeNull();
  });
});
