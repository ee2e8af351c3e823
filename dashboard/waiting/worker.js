/* Answers with the waiting page where a page of the board is opened and the server is away. Everything else goes to
   the server as if this were not here, and nothing that the server said is kept. */
"use strict";
const KEPT = "threeline-waiting-{mark}";
const PAGE = "/waiting";
const PARTS = ["/waiting.css", "/waiting.js"];
const PATIENCE_MS = 15000; /* a server that stands still takes connections and never answers */
const GATEWAYS = [502, 503, 504];

self.addEventListener("install", (event) => {
  const parts = [PAGE, ...PARTS].map((path) => new Request(path, { cache: "reload" }));
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(parts)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("threeline-") && name !== KEPT) await caches.delete(name);
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { pathname } = new URL(request.url);
  if (request.mode === "navigate") event.respondWith(open(event));
  else if (PARTS.includes(pathname)) event.respondWith(fetch(request).catch(() => caches.match(pathname)));
});

async function open(event) {
  const asked = (async () => (await event.preloadResponse) || fetch(event.request))();
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE_MS));
  try {
    const answer = await Promise.race([asked, late]);
    /* What stands before the server says that it is away; what the server itself says is passed on. */
    const gateway = GATEWAYS.includes(answer.status) && !/problem\+json/.test(answer.headers.get("content-type") || "");
    if (!gateway) return answer;
  } catch {
    asked.catch(() => null);
  }
  return (await caches.match(PAGE)) || Response.error();
}
