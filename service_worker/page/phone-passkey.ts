/**
 * A passkey on a carer's phone: made with the PIN, and signing in with it in place of the PIN. A file of its own, fetched
 * by whoever wants it. It is handed what the page has already (`Tools`), so that nothing is on the wire twice.
 */

import type { isOurs } from '../core/outbox.ts';
import type { Person, changePerson, value } from '../store/phone.ts';
import type { Answer, json, post } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import type { ByPasskey, Refused, refusedPin } from './sign-in.ts';
import { answerTo, type Asked } from './webauthn.ts';

/** What this file needs of the page. */
export interface Tools {
  deps: Deps;
  who: Person;
  changePerson: typeof changePerson;
  isOurs: typeof isOurs;
  json: typeof json;
  post: typeof post;
  refusedPin: typeof refusedPin;
  value: typeof value;
}

interface Came {
  answer: Answer;
  reply: { [name: string]: unknown };
}

export type Done = { end: 'ready' } | Refused;

const later = (words: string): Refused => ({ end: 'later', words });
const NO_SIGNAL = 'No signal. This needs signal: try again later.';

/** What the browser says instead of an answer. Also what it says when somebody changes their mind, or takes too long. */
const stopped = (error: unknown): string => {
  const { name } = error as Error;
  return name === 'NotAllowedError' || name === 'AbortError' ? 'Nothing was changed. Try again, or go on with your PIN.' : 'This phone could not do that. Go on with your PIN.';
};

/** POST to the API with the reading token; null when no answer of ours came. */
async function asked({ deps, who, isOurs, json, post, value }: Tools, path: string, content: object): Promise<Came | null> {
  try {
    const answer = await post(deps, path, who.read ?? '', content);
    const reply: unknown = json(answer);
    return isOurs(reply, (await value('server')) ?? '') ? { answer, reply: reply as unknown as Came['reply'] } : null;
  } catch (error) {
    if ((error as Error).name === 'NoAnswer') return null;
    throw error;
  }
}

function refused({ deps, who, refusedPin }: Tools, { answer, reply }: Came): Refused {
  if ((reply['error'] as { code?: unknown } | undefined)?.code === 'sign-in-ended') return { end: 'code', words: 'Your sign-in on this phone has ended. Open Waiting to send and sign in there first.' };
  return refusedPin(deps, who, answer);
}

const keep = ({ who, changePerson }: Tools, passkey: string | null): Promise<void> => changePerson(who.id, { passkey });

/** Make a passkey on this phone. Throws NotSaved. */
export async function add(tools: Tools, pin: string): Promise<Done> {
  const offer = await asked(tools, 'passkey/options', { pin });
  if (!offer) return later(NO_SIGNAL);
  const { ticket, options, passkey } = offer.reply;
  if (offer.answer.status !== 200) return refused(tools, offer);
  let credential: unknown;
  try {
    credential = await answerTo(options as Asked);
  } catch (error) {
    // This phone holds it already, and the server knows it.
    if ((error as Error).name !== 'InvalidStateError' || typeof passkey !== 'string') return later(stopped(error));
    await keep(tools, passkey);
    return { end: 'ready' };
  }
  const made = await asked(tools, 'passkey', { ticket, credential });
  if (!made) return later(NO_SIGNAL);
  if (made.answer.status !== 201 || typeof made.reply['passkey'] !== 'string') return refused(tools, made);
  await keep(tools, made.reply['passkey']);
  return { end: 'ready' };
}

/** Take it away, here and on every other phone of this person. Throws NotSaved. */
export async function remove(tools: Tools, pin: string): Promise<Done> {
  const gone = await asked(tools, 'passkey/remove', { pin });
  if (!gone) return later(NO_SIGNAL);
  if (gone.answer.status !== 200) return refused(tools, gone);
  await keep(tools, null);
  return { end: 'ready' };
}

/** Sign in with it. */
export const prove: ByPasskey = async (send) => {
  const { answer, reply } = await send('/passkey/options', {});
  if (answer.status !== 200) return { answer, reply };
  try {
    const credential = await answerTo(reply['options'] as Asked);
    return await send('/passkey', { ticket: reply['ticket'], credential });
  } catch (error) {
    if ((error as Error).name === 'NoAnswer') throw error;
    return { words: stopped(error) };
  }
};

export type PhonePasskey = { add: typeof add; remove: typeof remove; prove: typeof prove };
