/* The station's service worker: keeps one version of the shell. The build writes version and files into it. */
const SHELL = __SHELL__;
const CACHE = `station-${SHELL.version}`;
const PAGE = "/station/";
const ASSETS = new Set(SHELL.files);

self.addEventListener("install", (event) => {
  const fresh = [PAGE, ...SHELL.files].map((path) => new Request(path, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("message", (event) => {
  if (event.data === "activate") self.skipWaiting();
  if (event.data === "started") event.waitUntil(forgetOlder());
});

/** Only when no newer version waits: its files must be there when it takes over. */
async function forgetOlder() {
  if (self.registration.waiting || self.registration.installing) return;
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith("station-") && name !== CACHE);
  await Promise.all(older.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  const kept = event.request.mode === "navigate" && pathname === PAGE ? PAGE : ASSETS.has(pathname) ? pathname : null;
  if (kept === null) return;
  event.respondWith(
    caches
      .open(CACHE)
      .then((cache) => cache.match(kept))
      .then((hit) => hit ?? fetch(event.request)),
  );
});
