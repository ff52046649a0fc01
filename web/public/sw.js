/* Keeps the shell of Sigap: a page reloaded while the server is away still opens, rings and answers.
   Nothing personal is kept here: of the API only borders, road tiles and the catalogue of words. */
const SHELL = "sigap-shell-v1";
const PLACES = "sigap-places-v1";
/* Module scripts ask with an Origin header, the install did not: the file is the same. */
const AS_KEPT = { ignoreVary: true };

async function keepShell() {
  const cache = await caches.open(SHELL);
  const index = await fetch("/", { cache: "no-store" });
  await cache.put("/", index.clone());
  const manifest = await (await fetch("/shell.json", { cache: "no-store" })).json();
  const files = new Set(["/sigap.svg"]);
  for (const part of Object.values(manifest)) {
    for (const file of [part.file, ...(part.css ?? []), ...(part.assets ?? [])]) files.add(`/${file}`);
  }
  for (const file of files) if (!(await cache.match(file, AS_KEPT))) await cache.add(file);
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
  return (await caches.match("/", AS_KEPT)) ?? Response.error();
}

async function asset(request) {
  const kept = await caches.match(request, AS_KEPT);
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
  return (await cache.match(request, AS_KEPT)) ?? Response.error();
}

/* The road tiles are one file read in pieces: it is kept whole, once a version, and the pieces are cut from it. */
const keeping = new Set();

async function keepTiles(url) {
  if (keeping.has(url)) return;
  keeping.add(url);
  try {
    const whole = await fetch(url);
    if (whole.status !== 200) return;
    const cache = await caches.open(PLACES);
    for (const kept of await cache.keys()) if (kept.url.includes("/api/tiles/")) await cache.delete(kept);
    await cache.put(url, whole);
  } finally {
    keeping.delete(url);
  }
}

function cut(whole, range) {
  const [, from, to] = /bytes=(\d+)-(\d*)/.exec(range ?? "") ?? [];
  if (from === undefined) return new Response(whole);
  const end = Math.min(to ? Number(to) : whole.byteLength - 1, whole.byteLength - 1);
  return new Response(whole.slice(Number(from), end + 1), {
    status: 206,
    headers: {
      "Content-Range": `bytes ${from}-${end}/${whole.byteLength}`,
      "Content-Type": "application/octet-stream",
    },
  });
}

async function tiles(request) {
  const kept = await (await caches.open(PLACES)).match(request.url, AS_KEPT);
  if (kept) return cut(await kept.arrayBuffer(), request.headers.get("range"));
  keepTiles(request.url).catch(() => {});
  return fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/assets/") || url.pathname === "/sigap.svg")
    event.respondWith(asset(request));
  else if (url.pathname.startsWith("/api/tiles/") && url.search) event.respondWith(tiles(request));
  else if (url.pathname === "/api/geo/style-info") event.respondWith(border(request));
  else if (url.pathname.startsWith("/api/geo/borders/") || url.pathname === "/api/catalogue")
    event.respondWith(border(request));
});
