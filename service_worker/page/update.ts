/** The worker and its updates: a new one waits until it is asked, and a page reloads once, never in the middle of a lesson. */

import type { Deps } from '../sync/deps.ts';
import { announce, button, make } from './elements.ts';
import { longAgo, noteDone } from './now-and-then.ts';
import { alert, paragraph } from './pieces.ts';
import { registerWorker } from './trusted.ts';

/** A page that reloaded for an update within this time (ms) does not do so again, whatever the browser says. */
const CALM = 30_000;

/** Once in each opening of the app, and then this often (ms), the server is asked for a newer worker. */
const CHECK_EVERY = 3_600_000;

/** Register the worker and watch for a newer one. `learning`: a lesson is on screen; `open` counts goes under way. */
export function keepUpToDate(deps: Deps, learning: boolean, open: () => Promise<number>): void {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  const controlled = serviceWorker.controller !== null;
  serviceWorker.addEventListener('controllerchange', () => {
    // A lesson keeps the build it was opened with; its files stay for one generation. The next page is the new build's.
    if (controlled && !learning && mayReload(deps)) location.reload();
  });
  void registerWorker()
    .then((registration) => {
      const offer = async (): Promise<void> => {
        if (registration.waiting && serviceWorker.controller && !learning && !(await open().catch(() => 1))) show(registration.waiting);
      };
      void offer();
      // Registering again asks nothing, and browsers put their own check off for as long as the worker is in use.
      const check = (): void => {
        if (document.visibilityState !== 'visible' || !longAgo(deps, 'checked', CHECK_EVERY)) return;
        noteDone(deps, 'checked');
        void registration.update().catch(() => undefined);
      };
      check();
      document.addEventListener('visibilitychange', check);
      registration.addEventListener('updatefound', () => {
        const fresh = registration.installing;
        fresh?.addEventListener('statechange', () => fresh.state === 'installed' && void offer());
      });
    })
    // No signal, or a portal's page instead of the worker: the one that is here goes on.
    .catch(() => undefined);
}

/** Without a memory of the tab's own nothing could stop a loop, and the next page is the new build's anyway. */
function mayReload(deps: Deps): boolean {
  if (!longAgo(deps, 'reloaded', CALM, false)) return false;
  noteDone(deps, 'reloaded');
  return true;
}

function show(waiting: ServiceWorker): void {
  if (document.querySelector('[data-update]')) return;
  const box = alert('note', 'Update ready', paragraph('It takes a second. Nothing you did is lost.'), button('Update', () => waiting.postMessage({ ask: 'skip-waiting' }), { sign: 'updated' }));
  box.dataset['update'] = '';
  document.querySelector('main')?.append(make('div', { class: 'bv-section' }, box));
  announce('An update is ready.');
}
