/** "Use your fingerprint or face": where it is offered. What it does is in a file of its own, fetched at the first tap. */

import { isOurs } from '../core/outbox.ts';
import { changePerson, person, value, type Person } from '../store/phone.ts';
import { json, post } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import { announce, button, make } from './elements.ts';
import type { PhonePasskey } from './phone-passkey.ts';
import { paragraph } from './pieces.ts';
import { pinForm } from './pin-form.ts';
import { day } from './say.ts';
import { readsNoMore, refusedPin, type ByPasskey, type Refused } from './sign-in.ts';
import { load } from './trusted.ts';

const WORDS = 'Use your fingerprint or face';

const able = (): boolean => 'PublicKeyCredential' in window;

/** The file, or null without signal. Its address stands in the page. */
const fetched = (): Promise<PhonePasskey | null> =>
  load(document.querySelector<HTMLElement>('[data-finger]')?.dataset['finger'] ?? '').then((file) => file as PhonePasskey, () => null);

const later = (words: string): Refused => ({ end: 'later', words });
const NO_SIGNAL = later('No signal. This needs signal: try again later.');

/** The button beside a PIN, for somebody whose passkey is on this phone and who has it alone; `work` signs in. */
export function fingerButton(who: Person, alone: boolean, work: (prove: ByPasskey, say: (words: string) => void) => Promise<Refused | null>): HTMLElement[] {
  if (!alone || !who.passkey || !able()) return [];
  const said = make('p', { class: 'bv-strong', role: 'status' });
  const say = (words: string): void => void (said.textContent = words);
  let busy = false;
  const press = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    say('Waiting for your finger or face…');
    const file = await fetched();
    const trouble = file ? await work(file.prove, say) : NO_SIGNAL;
    busy = false;
    if (trouble) say(trouble.words);
  };
  return [make('div', { class: 'bv-section' }, button(WORDS, () => void press(), { look: 'wide', sign: 'lock', more: { 'data-by-finger': true } }), said)];
}

/** The row in Me, once: a PIN half typed outlives what changes around it. `alone`: nobody else is on this phone. */
export async function fingerRow(host: HTMLElement, deps: Deps, who: Person, alone: boolean): Promise<void> {
  // A phone that knows no finger and no face would ask for another device.
  if (!able() || (!who.passkey && !(alone && (await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable?.())))) return;
  const has = who.passkey;
  const draw = (...content: HTMLElement[]): void => host.replaceChildren(make('h2', { class: 'bv-section__title', tabindex: '-1' }, 'Fingerprint or face'), ...content);
  if (who.paused || !who.read || readsNoMore(who)) return;
  const tools = { deps, who, changePerson, isOurs, json, post, refusedPin, value };
  const press = button(has ? 'Remove it' : `${WORDS} to sign in`, () => {
    const form = pinForm('finger', who.name, has ? 'Remove it' : 'Add it', async (pin, say) => {
      say('Waiting…');
      const file = await fetched();
      const done = file ? await file[has ? 'remove' : 'add'](tools, pin) : NO_SIGNAL;
      if (done.end !== 'ready') return { words: done.words, blame: done.end === 'mend' };
      host.replaceChildren();
      announce(has ? 'Removed.' : 'Added.');
      const now = await person(who.id);
      if (now) await fingerRow(host, deps, now, alone);
      host.querySelector('h2')?.focus();
      return null;
    });
    draw(paragraph(has ? 'Type your PIN. It is removed from all your phones.' : 'Type your PIN, then use your finger or face. Whoever can unlock this phone can then sign in as you.'), form);
    form.querySelector<HTMLInputElement>('input[name="pin"]')!.focus();
  }, { look: 'wide', sign: has ? 'remove' : 'lock', more: { 'data-finger-row': has ? 'remove' : 'add' } });
  draw(paragraph(has ? `Your fingerprint or face signs you in here in place of your PIN. Added ${day(has)}.${alone ? '' : ' Others use this phone: remove it if they can unlock it.'}` : 'When this phone asks you to sign in again, it can do in place of your PIN. You choose.'), press);
}
