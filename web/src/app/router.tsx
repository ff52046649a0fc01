import { createRootRoute, createRoute, createRouter, Navigate, Outlet } from "@tanstack/react-router";
import { SignInPage } from "@/features/signin/SignInPage";
import { Crashed, NotFound } from "./Fallbacks";
import { Guarded } from "./Guarded";
import { SCREENS } from "./screens";
import { useSession } from "./session";

function Home() {
  const { phase, who } = useSession();
  if (phase === "asking") return null;
  return <Navigate to={who ? who.home : "/masuk"} replace />;
}

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: () => <NotFound />,
  errorComponent: Crashed,
});
const home = createRoute({ getParentRoute: () => root, path: "/", component: Home });
const signin = createRoute({ getParentRoute: () => root, path: "/masuk", component: SignInPage });
const screens = SCREENS.map((spec) =>
  createRoute({
    getParentRoute: () => root,
    path: `/${spec.name}`,
    component: () => <Guarded spec={spec} />,
    errorComponent: Crashed,
  }),
);

export const router = createRouter({
  routeTree: root.addChildren([home, signin, ...screens]),
  defaultPreload: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
