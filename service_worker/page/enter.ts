/** Going on as somebody, at one of their places, and where to. */

import { changePerson, setValue, type Person } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { BACK, open } from './opened.ts';

/** Where somebody who opened the phone goes: back to where they were, if it was them, or to what they have just come to confirm. */
export function wayBack(same: boolean): string {
  try {
    const back = sessionStorage.getItem(BACK);
    sessionStorage.removeItem(BACK);
    if (back && (same || back.startsWith('/confirm'))) return back;
  } catch {
    // No memory of the tab's own.
  }
  return '/today';
}

/** Go on as this person, at this place; `last` was here before. */
export async function enter(deps: Deps, one: Person, last: Person | null): Promise<void> {
  const now = deps.now();
  if (one.id !== last?.id) await setValue('person', one.id);
  await changePerson(one.id, { lastUsed: now }).catch(() => undefined);
  open(one.id, now);
  location.replace(wayBack(one.id === last?.id));
}
