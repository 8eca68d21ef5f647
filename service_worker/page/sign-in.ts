/** Signing in again on a phone that is known: a PIN, or a passkey, for new tokens. Nothing that waits is touched. No DOM. */

import { retryAfter } from '../core/backoff.ts';
import { isOurs } from '../core/outbox.ts';
import { LEFT, changePerson, person, personUuid, placesOf, value, type Person } from '../store/phone.ts';
import { NoAnswer, ask, json, ping, type Answer } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import { curtainFor } from './pin-curtain.ts';
import { minutes } from './say.ts';
import { ERASED } from './sign-in-words.ts';

/** ready: sending may go on. mend: what was typed is to blame. pin: the passkey does not do. later: the same may do in a while. code: only a new code helps. erased: the server was asked to forget them. */
export type SignedIn = { end: 'ready' } | Refused;
export interface Refused {
  end: 'mend' | 'pin' | 'later' | 'code' | 'erased';
  words: string;
}

type Given = Refused | { end: 'ready'; got: Pick<Person, 'dev' | 'append' | 'read' | 'pin' | 'passkey'> & { paused: null } };

/** Asks the server below `sign-in` for the phone and the person; throws NoAnswer when it is not ours. */
export type Send = (path: string, content: object) => Promise<{ answer: Answer; reply: { [name: string]: unknown } }>;
/** Signs in without a PIN: gives the server's last answer. `words`: it came to nothing on the phone. */
export type ByPasskey = (send: Send) => Promise<Awaited<ReturnType<Send>> | { words: string }>;

/**
 * Ask our server for new tokens. Only when it gives them does anything change on the phone, and the pause ends.
 *
 * Throws NotSaved.
 */
export async function signIn(deps: Deps, personId: string, pin: string | ByPasskey): Promise<SignedIn> {
  const who = await person(personId);
  if (!who) return { end: 'code', words: 'You are not on this phone any more. Ask for a new code.' };
  const given = await askForTokens(deps, who, pin);
  // No PIN and no token will ever help again: this person is not asked for one any more.
  if (given.end === 'erased') await changePerson(personId, { paused: 'erased', append: null, read: null });
  if (given.end === 'pin') await changePerson(personId, { passkey: null });
  if (given.end !== 'ready') return given;
  // Another phone id is that of the place they have by now. Whoever has several has a row for each: this one has ended: it sends what waits, and hears nothing more.
  const ended = given.got.dev !== who.dev && (await placesOf(who))[1];
  await changePerson(personId, { ...given.got, ...(ended && { dev: who.dev, read: null, refused: LEFT }) });
  return { end: 'ready' };
}

/** Ask our server for new tokens for somebody who may not be on the phone yet. Nothing is kept. Throws NotSaved. */
export async function askForTokens(deps: Deps, who: Person, pin: string | ByPasskey): Promise<Given> {
  try {
    const server = (await value('server')) ?? (await ping(deps));
    const uuid = personUuid(who);
    const send: Send = async (path, content) => {
      const answer = await ask(deps, `/api/v1/sign-in${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ dev: who.dev, person: uuid, provider: who.provider.id, ...content }) });
      const reply = json(answer);
      // A portal, or another server at this address: the PIN was not judged by anybody who may.
      if (!isOurs(reply, server)) throw new NoAnswer('Not our server');
      return { answer, reply: reply as unknown as { [name: string]: unknown } };
    };
    const typed = typeof pin === 'string';
    const given = typed ? await send('', { pin }) : await pin(send);
    if ('words' in given) return { end: 'later', words: given.words };
    const { answer, reply } = given;
    const { person: whose = uuid, dev, append, read, passkey } = reply;
    // A mixed-up cache gave somebody else's. An older server does not say whose they are.
    if (whose !== uuid) throw new NoAnswer('Not our reply');
    if (answer.status === 200 && typeof append === 'string' && append && typeof read === 'string' && read) {
      // The PIN the server knows is the PIN; a phone without Web Crypto keeps the curtain it has.
      const pinRow = typed ? await curtainFor(pin, deps.random).catch(() => who.pin) : who.pin;
      // The server says whether there is one at all; only signing in with it shows that it is on this phone.
      const here = typeof passkey !== 'string' ? null : typed ? (who.passkey ?? null) : passkey;
      // Another id where the person works somewhere else by now; what waits keeps the id it was made under.
      return { end: 'ready', got: { dev: typeof dev === 'string' ? dev : who.dev, append, read, pin: pinRow, passkey: here, paused: null } };
    }
    return refusedPin(deps, who, answer);
  } catch (error) {
    if (error instanceof NoAnswer) return { end: 'later', words: 'No signal. Carry on. Sign in later: what you did is safe on this phone.' };
    throw error;
  }
}

/** What our server said in place of what the PIN was typed for. */
export function refusedPin(deps: Deps, who: Pick<Person, 'contact'>, answer: Answer): Refused {
  const contact = who.contact ?? 'your manager';
  const { error } = (json(answer) ?? {}) as { error?: { code?: unknown; message?: unknown } };
  if (error?.code === 'pin-wrong') return { end: 'mend', words: typeof error.message === 'string' ? error.message.replace('your manager', contact) : `That PIN does not match. Forgot it? Ask ${contact} for a new code.` };
  if (error?.code === 'passkey-refused') return { end: 'pin', words: 'That did not work. Use your PIN.' };
  if (error?.code === 'has-password' && typeof error.message === 'string') return { end: 'later', words: error.message };
  if (error?.code === 'erased') return { end: 'erased', words: ERASED };
  if (answer.status === 429) {
    const wait = Math.max(1, Math.ceil(retryAfter(answer.headers.get('retry-after'), deps.now()) / 60_000));
    return { end: 'later', words: `Too many tries. Wait ${wait > 120 ? 'until tomorrow' : minutes(wait)}, then try again. Forgot it? Ask ${contact} for a new code.` };
  }
  if (answer.status > 400 && answer.status < 410) return { end: 'code', words: `A PIN does not help here. Ask ${contact} for a new code, and use it on this phone.` };
  return { end: 'later', words: 'Something went wrong at our end. What you did is saved on this phone.' };
}
