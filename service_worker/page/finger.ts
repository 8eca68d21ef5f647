/** "Use your fingerprint or face": where it is offered. What it does is in a file of its own, fetched at the first tap. */

import { person, type Person } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { button, make, type Attributes } from './elements.ts';
import type { PhonePasskey } from './phone-passkey.ts';
import { paragraph } from './pieces.ts';
import { day } from './say.ts';
import { readsNoMore, type ByPasskey, type Refused } from './sign-in.ts';
import { load } from './trusted.ts';

const WORDS = 'Use your fingerprint or face';

const able = (): boolean => 'PublicKeyCredential' in window;

/** The file, or null without signal. Its address stands in the page. */
const fetched = (): Promise<PhonePasskey | null> =>
  load(document.querySelector<HTMLElement>('[data-finger]')?.dataset['finger'] ?? '').then((file) => file as PhonePasskey, () => null);

/** A button whose work is in the file, and a line for what is said about it. */
function pressed(words: string, sign: string, more: Attributes, work: (file: PhonePasskey, say: (words: string) => void) => Promise<Refused | null>): HTMLElement[] {
  const said = make('p', { class: 'bv-strong', role: 'status' });
  const say = (words: string): void => void (said.textContent = words);
  let busy = false;
  const press = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    say('Waiting…');
    const file = await fetched();
    const trouble = file ? await work(file, say) : { words: 'No signal. This needs signal: try again later.' };
    busy = false;
    if (trouble) say(trouble.words);
  };
  return [button(words, () => void press(), { look: 'wide', sign, more }), said];
}

/** The button beside a PIN, for somebody whose passkey is on this phone and who has it alone; `work` signs in. */
export function fingerButton(who: Person, alone: boolean, work: (prove: ByPasskey, say: (words: string) => void) => Promise<Refused | null>): HTMLElement[] {
  if (!alone || !who.passkey || !able()) return [];
  const press = pressed(WORDS, 'lock', { 'data-by-finger': true }, (file, say) => {
    say('Waiting for your finger or face…');
    return work(file.prove, say);
  });
  return [make('div', { class: 'bv-section' }, ...press)];
}

/** The row in Me, once: a PIN half typed outlives what changes around it. `alone`: nobody else is on this phone. */
export async function fingerRow(host: HTMLElement, deps: Deps, who: Person, alone: boolean): Promise<void> {
  // A phone that knows no finger and no face would ask for another device.
  if (!able() || (!who.passkey && !(alone && (await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable?.())))) return;
  if (who.paused || !who.read || readsNoMore(who)) return;
  const has = who.passkey;
  const again = async (): Promise<void> => {
    host.replaceChildren();
    const now = await person(who.id);
    if (now) await fingerRow(host, deps, now, alone);
    host.querySelector('h2')?.focus();
  };
  const press = pressed(has ? 'Remove it' : `${WORDS} to sign in`, has ? 'remove' : 'lock', { 'data-finger-row': has ? 'remove' : 'add' }, async ({ ask }) => {
    ask(host, { deps, who }, again);
    return null;
  });
  host.replaceChildren(
    make('h2', { class: 'bv-section__title', tabindex: '-1' }, 'Fingerprint or face'),
    paragraph(has ? `Your fingerprint or face signs you in here in place of your PIN. Added ${day(has)}.${alone ? '' : ' Others use this phone: remove it if they can unlock it.'}` : 'When this phone asks you to sign in again, it can do in place of your PIN. You choose.'),
    ...press,
  );
}
