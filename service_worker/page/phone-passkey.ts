/** A passkey on a carer's phone: made with the PIN, and signing in with it in place of the PIN. */

import { isOurs } from '../core/outbox.ts';
import { changePerson, value, type Person } from '../store/phone.ts';
import { json, post, type Answer } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import { announce } from './elements.ts';
import { paragraph } from './pieces.ts';
import { pinForm } from './pin-form.ts';
import { refusedPin, type ByPasskey, type Refused } from './sign-in.ts';
import { NO_SIGNAL } from './sign-in-words.ts';
import { answerTo, type Asked } from './webauthn.ts';

/** Whose passkey, and the phone it is made on. */
export interface Of {
  deps: Deps;
  who: Person;
}

interface Came {
  answer: Answer;
  reply: { [name: string]: unknown };
}

export type Done = { end: 'ready' } | Refused;

const later = (words: string): Refused => ({ end: 'later', words });

/** What the browser says instead of an answer. Also what it says when somebody changes their mind, or takes too long. */
const stopped = (error: unknown): string => {
  const { name } = error as Error;
  return name === 'NotAllowedError' || name === 'AbortError' ? 'Nothing was changed. Try again, or go on with your PIN.' : 'This phone could not do that. Go on with your PIN.';
};

/** POST to the API with the reading token; null when no answer of ours came. */
async function asked({ deps, who }: Of, path: string, content: object): Promise<Came | null> {
  try {
    const answer = await post(deps, path, who.read ?? '', content);
    const reply: unknown = json(answer);
    return isOurs(reply, (await value('server')) ?? '') ? { answer, reply: reply as unknown as Came['reply'] } : null;
  } catch (error) {
    if ((error as Error).name === 'NoAnswer') return null;
    throw error;
  }
}

function refused({ deps, who }: Of, { answer, reply }: Came): Refused {
  if ((reply['error'] as { code?: unknown } | undefined)?.code === 'sign-in-ended') return { end: 'code', words: 'Your sign-in on this phone has ended. Open Waiting to send and sign in there first.' };
  return refusedPin(deps, who, answer);
}

const keep = ({ who }: Of, passkey: string | null): Promise<void> => changePerson(who.id, { passkey });

/** Make a passkey on this phone. Throws NotSaved. */
export async function add(of: Of, pin: string): Promise<Done> {
  const offer = await asked(of, 'passkey/options', { pin });
  if (!offer) return later(NO_SIGNAL);
  const { ticket, options, passkey } = offer.reply;
  if (offer.answer.status !== 200) return refused(of, offer);
  let credential: unknown;
  try {
    credential = await answerTo(options as Asked);
  } catch (error) {
    // This phone holds it already, and the server knows it.
    if ((error as Error).name !== 'InvalidStateError' || typeof passkey !== 'string') return later(stopped(error));
    await keep(of, passkey);
    return { end: 'ready' };
  }
  const made = await asked(of, 'passkey', { ticket, credential });
  if (!made) return later(NO_SIGNAL);
  if (made.answer.status !== 201 || typeof made.reply['passkey'] !== 'string') return refused(of, made);
  await keep(of, made.reply['passkey']);
  return { end: 'ready' };
}

/** Take it away, here and on every other phone of this person. Throws NotSaved. */
export async function remove(of: Of, pin: string): Promise<Done> {
  const gone = await asked(of, 'passkey/remove', { pin });
  if (!gone) return later(NO_SIGNAL);
  if (gone.answer.status !== 200) return refused(of, gone);
  await keep(of, null);
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

/** Draw the PIN that adds it, or takes it away, under the heading in `host`; `again` draws the row anew. */
export function askFinger(host: HTMLElement, of: Of, again: () => Promise<void>): void {
  const has = of.who.passkey;
  const form = pinForm('finger', of.who.name, has ? 'Remove it' : 'Add it', async (pin, say) => {
    say('Waiting…');
    const done = await (has ? remove : add)(of, pin);
    if (done.end !== 'ready') return { words: done.words, blame: done.end === 'mend' };
    announce(has ? 'Removed.' : 'Added.');
    await again();
    return null;
  });
  host.replaceChildren(host.firstElementChild!, paragraph(has ? 'Type your PIN. It is removed from all your phones.' : 'Type your PIN, then use your finger or face. Whoever can unlock this phone can then sign in as you.'), form);
  form.querySelector<HTMLInputElement>('input[name="pin"]')!.focus();
}
