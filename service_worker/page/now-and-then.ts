/** When this tab last did something: a page must not do again what the page before it has just done. */

import type { Deps } from '../sync/deps.ts';

type Act = 'asked' | 'checked' | 'got' | 'reloaded';

/** Is it longer than `ms` ago, or never? `unknown` where the browser gives a tab no memory. A clock set back is long ago. */
export function longAgo(deps: Pick<Deps, 'now'>, act: Act, ms: number, unknown = true): boolean {
  try {
    const ago = deps.now() - Number(sessionStorage.getItem(`bv-${act}`) ?? -Infinity);
    return ago < 0 || ago > ms;
  } catch {
    return unknown;
  }
}

/** Note that it was done, `at` ms since 1970; at 0 is long ago. */
export function noteDone(deps: Pick<Deps, 'now'>, act: Act, at = deps.now()): void {
  try {
    sessionStorage.setItem(`bv-${act}`, String(at));
  } catch {
    // Then it is done once more than needed.
  }
}
