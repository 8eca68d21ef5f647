/** A PIN tried on the phone, without signal; wrong ones are counted. */

import { NotSaved } from '../store/open.ts';
import { changePerson, type Person } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { stretched, type Curtain } from './pin-curtain.ts';
import { count, minutes } from './say.ts';

const bytes = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** Does this PIN open it? */
export const opens = async (curtain: Curtain, pin: string): Promise<boolean> => (await stretched(pin, bytes(curtain.salt), curtain.iterations)) === curtain.hash;

/** Wrong tries before the first wait; then one try after each. */
const TRIES = 5;
const LONGEST = 60;

/** Minutes to wait after so many wrong tries: 1, 2, 4 … 60. */
const waitAfter = (wrong: number): number => (wrong < TRIES ? 0 : Math.min(LONGEST, 2 ** (wrong - TRIES)));

/** A full phone must shut nobody out of their lessons: there, and only there, tries are not counted. */
const note = (id: string, change: Parameters<typeof changePerson>[1]): Promise<void> =>
  changePerson(id, change).catch((error: unknown) => {
    if (!(error instanceof NotSaved && error.why === 'full')) throw error;
  });

/**
 * Try a PIN on the phone. Wrong tries are counted in the database before the PIN is looked at, so that neither closing
 * the app nor a second tab saves anybody a wait. A clock set back begins the wait anew; one set forward ends it, as a
 * phone knows no better.
 *
 * Returns null when it opens, else what to say. Throws NotSaved.
 */
export async function tryPin(deps: Pick<Deps, 'now'>, { id }: Pick<Person, 'id'>, pin: string): Promise<string | null> {
  const now = deps.now();
  let row: Person | undefined;
  let wrong = 0;
  let left = 0;
  await note(id, (found) => {
    row = found;
    const { n, at } = found.wrong ?? { n: 0, at: now };
    const wait = waitAfter(n) * 60_000;
    left = Math.min(wait, wait - (now - at));
    wrong = n + 1;
    return { wrong: left > 0 ? { n, at: Math.min(at, now) } : { n: wrong, at: now } };
  });
  const forgot = `Forgot it? Ask ${row?.contact ?? 'your manager'} for a new code.`;
  if (left > 0) return `Too many tries. Wait ${minutes(Math.ceil(left / 60_000))}, then try again. ${forgot}`;
  if (row?.pin && (await opens(row.pin, pin))) {
    await note(id, { wrong: null });
    return null;
  }
  const wait = waitAfter(wrong);
  return `That PIN does not match. ${wait ? `Wait ${minutes(wait)}, then try again.` : `You have ${count(TRIES - wrong, 'more try', 'more tries')}.`} ${forgot}`;
}
