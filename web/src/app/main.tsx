import "@fontsource-variable/ibm-plex-sans/standard.css";
import "@mantine/core/styles.css";
import "@/ui/tokens.css";
import "@/ui/base.css";
import "@/ui/frame.css";
import "@/ui/controls.css";
import "@/ui/signs.css";
import "@/ui/narrow.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { flushOutbox } from "@/api/outbox";
import { useLanguage } from "@/i18n";
import { listenToKeys } from "@/keys/listen";
import { useRoom } from "@/live/room";
import { queries } from "./queries";
import { router } from "./router";
import { resumeSession } from "./session";
import { mantineTheme, mantineVariables, show, useTheme } from "./theme";

function App() {
  const theme = useTheme((state) => state.theme);
  return (
    <MantineProvider
      theme={mantineTheme}
      cssVariablesResolver={mantineVariables}
      forceColorScheme={theme === "gelap" ? "dark" : "light"}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

show(useTheme.getState().theme);
document.documentElement.lang = useLanguage.getState().language;
listenToKeys();
void resumeSession();
// What waited goes out as soon as the room speaks again.
useRoom.subscribe((room, before) => {
  if (room.phase === "live" && before.phase !== "live") void flushOutbox();
});
if ("serviceWorker" in navigator && import.meta.env.PROD) void navigator.serviceWorker.register("/sw.js");

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
