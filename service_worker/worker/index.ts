/**
 * The worker's half of app.js: a table of contents. It shows pages from what is on the phone, and sends what waits when the browser says
 * so. It needs no server newer than itself, and never takes over a page that did not ask: no `clients.claim`, not even
 * at the first install, as the next page anybody opens is its own anyway.
 */

import { browserDeps } from '../sync/browser.ts';
import { sendAll } from '../sync/send.ts';
import { activateShell } from './activate.ts';
import { answerTo } from './answers.ts';
import { installShell, mendShell, type ShellList } from './install.ts';
import { hear } from './messages.ts';

/** At the head of /sw.js: which files make up this build. */
declare const SHELL: ShellList;
declare const self: ServiceWorkerGlobalScope;

/** Known to Chromium only; an extra trigger, never the only one. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

function start(): void {
  const deps = browserDeps(SHELL.build, 'en');

  self.addEventListener('install', (event) => {
    // Chromium asks the network for each page while it wakes the worker; that is data nobody needs. This turns it off.
    const { addRoutes } = event as { addRoutes?(routes: unknown): Promise<void> };
    addRoutes?.call(event, { condition: { requestMode: 'navigate' }, source: 'fetch-event' }).catch(() => undefined);
    event.waitUntil(installShell(deps, SHELL));
  });
  self.addEventListener('activate', (event) => event.waitUntil(activateShell(deps, SHELL.build)));
  self.addEventListener('fetch', (event) => {
    const answer = answerTo(event.request, deps, SHELL.build, self.location.origin);
    if (answer) event.respondWith(answer);
    if (event.request.mode === 'navigate') event.waitUntil(mendShell(deps, SHELL));
  });
  self.addEventListener('message', (event) => hear(event, SHELL.build, () => self.skipWaiting()));
  self.addEventListener('sync', ((event: SyncEvent) => {
    if (event.tag === 'bv-send') event.waitUntil(sendAll(deps));
  }) as EventListener);
}

// Pages load this file too, for their own half.
if (!('document' in self)) start();
