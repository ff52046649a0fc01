import { defineConfig } from "@hey-api/openapi-ts";

/** `npm run api` while the API runs (`make dev`): the server's own types, so that a changed field does not compile. */
const api = process.env.SIGAP_API ?? "http://127.0.0.1:8112";

export default defineConfig({
  input: `${api}/openapi.json`,
  output: { path: "src/api/generated", entryFile: false },
  plugins: ["@hey-api/typescript"],
});
