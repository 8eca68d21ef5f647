/** Who has to sign in again, and the words that say so on every screen. */

import type { Person } from '../store/phone.ts';
import { count } from './say.ts';

/** Whether sending goes on and nothing new comes any more: the server has refused this person's reading token. */
export const readsNoMore = (who: Person): boolean => !who.paused && Boolean(who.refused) && who.refused === who.read;

/** What is said where something cannot be done without. */
export const NO_SIGNAL = 'No signal. This needs signal: try again later.';

/** What leads to the PIN then. A quiet matter: nothing is held up. */
export const READ_AGAIN = 'Sign in to get what is new';

/** What somebody is told whom the server was asked to forget. */
export const ERASED = 'Your record here was erased as you asked. What is on this phone stays yours until you remove it.';

/** What the button and the lines that lead to it say. `unsent` counts what waits. */
export const signInWords = (paused: NonNullable<Person['paused']>, unsent: number): string =>
  paused === 'erased' ? 'Your record here was erased' : `${paused === 'sign-in' ? 'Sign in' : 'Ask for a new code'} to ${unsent ? `send ${count(unsent, 'result')}` : 'go on'}`;
