/** Start every component of a page: whatever has `data-component` gets the function of that name. */

import { value } from '../store/phone.ts';
import { browserDeps } from '../sync/browser.ts';
import type { Deps } from '../sync/deps.ts';
import { soon } from './patience.ts';
import { alert, paragraph } from './pieces.ts';

/** ms the phone has to say which build it runs; records tell it on, and nothing else needs it. */
const PATIENCE = 1000;

export type Start = (host: HTMLElement, deps: Deps) => void | Promise<void>;

/** Start the components named in `all`. One that fails leaves the others running. */
export async function boot(all: { readonly [name: string]: Start }): Promise<void> {
  let deps: Deps;
  try {
    deps = browserDeps('none', document.documentElement.lang || 'en');
  } catch (error) {
    // No Cache Storage, no crypto: a page opened without https, or a very old browser.
    console.error(error);
    document.querySelector('main')?.append(cannotKeep());
    return;
  }
  deps.app = (await soon(deps, value('shell').catch(() => undefined), PATIENCE, undefined)) ?? deps.app;
  for (const host of document.querySelectorAll<HTMLElement>('[data-component]')) {
    const start = all[host.dataset['component'] ?? ''];
    if (!start) continue;
    Promise.resolve()
      .then(() => start(host, deps))
      .catch((error: unknown) => {
        console.error(error);
        if (host !== document.body && !host.childElementCount) host.append(cannotKeep());
      });
  }
}

const cannotKeep = (): HTMLElement =>
  alert('important', 'This browser cannot keep lessons', paragraph('A private window keeps nothing. Open this page in an ordinary window of Chrome or Safari.'));
