/**
 * What follows the list of files in /sw.js. The worker itself is in app.js: the page has just loaded that, so it comes
 * from the browser's own cache and is on the wire once. The list names the very file, so a worker never runs another's.
 */

/** At the head of /sw.js. */
declare const SHELL: { app: string };
declare function importScripts(address: string): void;
declare const self: ServiceWorkerGlobalScope;

// The header of /sw.js allows one policy, and where the browser knows such policies, no script without it. There is one
// script, whatever address is asked for.
const own = { createScriptURL: (_: string): string => SHELL.app };
const { trustedTypes } = globalThis as { trustedTypes?: { createPolicy(name: string, rules: typeof own): typeof own } };
importScripts((trustedTypes?.createPolicy('bv', own) ?? own).createScriptURL(''));

// A message waits. What comes says only from whom; browsers ask that something is shown, whatever came.
self.addEventListener('push', (event) => event.waitUntil(self.registration.showNotification(event.data?.text() || 'A message waits', { tag: 'bv-message' })));
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow('/today'));
});

export {};
