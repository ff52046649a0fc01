/* Keeps the shell of Sigap: a page reloaded while the server is away still opens, rings and answers.
   Nothing personal is kept here: of the API only the borders. */
const SHELL = "sigap-shell-v1";
const PLACES = "sigap-places-v1";

async function keepShell() {
  const cache = await caches.open(SHELL);
  const index = await fetch("/", { cache: "no-store" });
  await cache.put("/", index.clone());
  const manifest = await (await fetch("/shell.json", { cache: "no-store" })).json();
  const files = new Set(["/sigap.svg"]);
  for (const part of Object.values(manifest)) {
    for (const file of [part.file, ...(part.css ?? []), ...(part.assets ?? [])]) files.add(`/${file}`);
  }
  for (const file of files) if (!(await cache.match(file))) await cache.add(file);
  for (const kept of await cache.keys()) {
    const path = new URL(kept.url).pathname;
    if (path !== "/" && !files.has(path)) await cache.delete(kept);
  }
}

self.addEventListener("install", (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

/* A new version is taken as soon as the server answers with one. */
async function page(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) {
      const cache = await caches.open(SHELL);
      const before = await cache.match("/");
      const [now, then] = [await answer.clone().text(), before ? await before.text() : ""];
      if (now !== then) keepShell().catch(() => {});
      return answer;
    }
    if (answer.status < 500) return answer;
  } catch {
    /* away: fall through to what is kept */
  }
  return (await caches.match("/")) ?? Response.error();
}

async function asset(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(SHELL)).put(request, answer.clone());
  return answer;
}

async function border(request) {
  const cache = await caches.open(PLACES);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    if (answer.status < 500) return answer;
  } catch {
    /* away */
  }
  return (await cache.match(request)) ?? Response.error();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/assets/") || url.pathname === "/sigap.svg")
    event.respondWith(asset(request));
  else if (url.pathname.startsWith("/api/geo/borders/") || url.pathname === "/api/catalogue")
    event.respondWith(border(request));
});
