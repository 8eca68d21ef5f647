/** Signing in again on a phone that is known: a PIN for new tokens. Nothing that waits is touched. No DOM. */

import { retryAfter } from '../core/backoff.ts';
import { isOurs } from '../core/outbox.ts';
import { changePerson, person, value, type Person } from '../store/phone.ts';
import { NoAnswer, ask, json, ping } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import { curtainFor } from './pin-curtain.ts';
import { count } from './say.ts';

/** ready: sending may go on. mend: what was typed is to blame. later: the same PIN may do in a while. code: only a new code helps. */
export type SignedIn = { end: 'ready' } | { end: 'mend' | 'later' | 'code'; words: string };

/** Whether sending goes on and nothing new comes any more: the server has refused this person's reading token. */
export const readsNoMore = (who: Person): boolean => !who.paused && Boolean(who.refused) && who.refused === who.read;

/** What leads to the PIN then. A quiet matter: nothing is held up. */
export const READ_AGAIN = 'Sign in to get what is new';

type Given = Exclude<SignedIn, { end: 'ready' }> | { end: 'ready'; got: Pick<Person, 'append' | 'read' | 'pin'> & { paused: null } };

/** What the button and the lines that lead to it say. `unsent` counts what waits. */
export const signInWords = (paused: 'sign-in' | 'other-person', unsent: number): string =>
  `${paused === 'sign-in' ? 'Sign in' : 'Ask for a new code'} to ${unsent ? `send ${count(unsent, 'result', 'results')}` : 'go on'}`;

/**
 * Ask our server for new tokens. Only when it gives them does anything change on the phone, and the pause ends.
 *
 * Throws NotSaved.
 */
export async function signIn(deps: Deps, personId: string, pin: string): Promise<SignedIn> {
  const who = await person(personId);
  if (!who) return { end: 'code', words: 'You are not on this phone any more. Ask for a new code.' };
  const given = await askForTokens(deps, who, pin);
  if (given.end !== 'ready') return given;
  await changePerson(personId, given.got);
  return { end: 'ready' };
}

/** Ask our server for new tokens for somebody who may not be on the phone yet. Nothing is kept. Throws NotSaved. */
export async function askForTokens(deps: Deps, who: Person, pin: string): Promise<Given> {
  const contact = who.contact ?? 'your manager';
  try {
    const server = (await value('server')) ?? (await ping(deps));
    const answer = await ask(deps, '/api/v1/sign-in', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ dev: who.dev, person: who.id, pin }) });
    const reply = json(answer);
    // A portal, or another server at this address: the PIN was not judged by anybody who may.
    if (!isOurs(reply, server)) throw new NoAnswer('Not our server');
    const { append, read, error } = reply as { append?: unknown; read?: unknown; error?: { code?: unknown; message?: unknown } };
    if (answer.status === 200 && typeof append === 'string' && append && typeof read === 'string' && read) {
      // The PIN the server knows is the PIN; a phone without Web Crypto keeps the curtain it has.
      const pinRow = await curtainFor(pin, deps.random).catch(() => who.pin);
      return { end: 'ready', got: { append, read, pin: pinRow, paused: null } };
    }
    if (error?.code === 'pin-wrong') return { end: 'mend', words: typeof error.message === 'string' ? error.message.replace('your manager', contact) : `That PIN does not match. Forgot it? Ask ${contact} for a new code.` };
    if (answer.status === 429) {
      const minutes = Math.max(1, Math.ceil(retryAfter(answer.headers.get('retry-after'), deps.now()) / 60_000));
      return { end: 'later', words: `Too many tries. Wait ${count(minutes, 'minute', 'minutes')}, then try again. Forgot it? Ask ${contact} for a new code.` };
    }
    if ([401, 403, 404, 409].includes(answer.status)) return { end: 'code', words: `A PIN does not help here. Ask ${contact} for a new code, and use it on this phone.` };
    return { end: 'later', words: 'Something went wrong at our end. What you did is saved on this phone.' };
  } catch (error) {
    if (error instanceof NoAnswer) return { end: 'later', words: 'No signal. Carry on. Sign in later: what you did is saved on this phone.' };
    throw error;
  }
}
