import { createRootRoute, createRoute, createRouter, Outlet } from "@tanstack/react-router";
import { SignInPage } from "@/features/signin/SignInPage";
import { Crashed, NotFound } from "./Fallbacks";
import { FrontDoor } from "./FrontDoor";
import { Guarded } from "./Guarded";
import { SCREENS } from "./screens";

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: () => <NotFound />,
  errorComponent: Crashed,
});
const home = createRoute({ getParentRoute: () => root, path: "/", component: FrontDoor });
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
