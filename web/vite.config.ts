import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where the API answers while the page itself is served by Vite (`make dev`). */
const api = process.env.SIGAP_API ?? "http://127.0.0.1:8112";
/** The page's own host goes on to the API: it refuses what another site sends. */
const proxy = { "/api": { target: api, changeOrigin: false } };

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { host: "127.0.0.1", proxy },
  build: {
    // Into the Python package, so that a wheel brings its pages along.
    outDir: fileURLToPath(new URL("../src/sigap/pages", import.meta.url)),
    emptyOutDir: true,
    target: "es2023",
    manifest: "shell.json", // the service worker reads it to keep the whole shell
    license: { fileName: "licenses.md" }, // of every library in the bundles
    chunkSizeWarningLimit: 1200, // MapLibre is one lazy chunk of about 1 MB
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["./src/app/test-setup.ts"],
    restoreMocks: true,
    // Whole screens with a real user's typing, on machines that do other things as well.
    testTimeout: 20_000,
  },
});
