/** The safety copy of words that are not saved: one line of local storage a draft, gone as soon as the server has them. */

import type { Copy } from './saver.ts';

const name = (draft: string): string => `bv-desk-${draft}`;

/** Keep a copy, or take it away. Returns whether it is kept. */
export function keep(draft: string, copy: Copy | null): boolean {
  try {
    if (copy) localStorage.setItem(name(draft), JSON.stringify(copy));
    else localStorage.removeItem(name(draft));
    return copy !== null;
  } catch {
    return false;
  }
}

/** The copy of a draft, if there is one that can be read. */
export function kept(draft: string): Copy | null {
  try {
    const copy = JSON.parse(localStorage.getItem(name(draft)) ?? 'null') as Copy | null;
    return copy && typeof copy.text === 'string' && typeof copy.base === 'string' && Number.isInteger(copy.revision) ? copy : null;
  } catch {
    return null;
  }
}
