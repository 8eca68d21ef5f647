/**
 * The kill switch: served as /sw.js instead of the worker while the operator has it off. It takes over at once, drops
 * every cache and removes itself. It never touches IndexedDB, so records that wait to be sent go on waiting, and pages
 * (which the server then gives) go on sending them.
 */

declare const self: ServiceWorkerGlobalScope;

self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener('activate', (event) =>
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.map((name) => caches.delete(name))))
      .then(() => self.registration.unregister()),
  ),
);

export {};
