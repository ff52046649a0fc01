/** Tokens for Mantine, and the three themes. Colour is state and stays out of `theme.colors`. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";
import { create } from "zustand";

export type Theme = "gelap" | "terang" | "surya";
const KEPT_AS = "sigap.theme";

const NEUTRAL: MantineColorsTuple = [
  "#f7f9fa",
  "#ebeff2",
  "#d5dce2",
  "#c0cbd5",
  "#9aa8b5",
  "#74838f",
  "#4d5a66",
  "#35424d",
  "#1e2730",
  "#0d1217",
];

export const mantineTheme = createTheme({
  fontFamily: "var(--font)",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
  radius: { xs: "3px", sm: "3px", md: "6px", lg: "8px", xl: "8px" },
  defaultRadius: "md",
  colors: { neutral: NEUTRAL },
  primaryColor: "neutral",
  focusRing: "never",
  focusClassName: "focus-ring",
  respectReducedMotion: true,
});

const VARIABLES = {
  "--mantine-color-body": "var(--bg-0)",
  "--mantine-color-text": "var(--tx-1)",
  "--mantine-color-dimmed": "var(--tx-2)",
  "--mantine-color-placeholder": "var(--tx-3)",
  "--mantine-color-default": "var(--bg-1)",
  "--mantine-color-default-hover": "var(--bg-3)",
  "--mantine-color-default-color": "var(--tx-1)",
  "--mantine-color-default-border": "var(--line-2)",
  "--mantine-color-error": "var(--near)",
};

export const mantineVariables: CSSVariablesResolver = () => ({
  variables: {},
  dark: VARIABLES,
  light: VARIABLES,
});

function first(): Theme {
  const kept = globalThis.localStorage?.getItem(KEPT_AS);
  return kept === "terang" || kept === "surya" ? kept : "gelap";
}

export const useTheme = create<{ theme: Theme }>()(() => ({ theme: first() }));

/** Sets the theme now and for the next visit; `data-theme` and Mantine's scheme go together. */
export function wear(theme: Theme): void {
  localStorage.setItem(KEPT_AS, theme);
  show(theme);
  useTheme.setState({ theme });
}

export function show(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.mantineColorScheme = theme === "gelap" ? "dark" : "light";
}
