import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import { beforeAll, expect, it, vi } from "vitest";
import { FirstPage } from "./FirstPage";

beforeAll(() => {
  // jsdom has no matchMedia; Mantine asks it for the colour scheme.
  window.matchMedia = vi.fn().mockImplementation((media: string) => ({
    matches: false,
    media,
    addEventListener: () => {},
    removeEventListener: () => {},
  }));
});

it("says its name", () => {
  render(
    <MantineProvider>
      <FirstPage />
    </MantineProvider>,
  );
  expect(screen.getByRole("heading", { name: "Sigap" })).toBeTruthy();
});
