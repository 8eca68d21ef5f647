/** "Use your fingerprint or face": the button of it. */

import type { Person } from '../store/phone.ts';
import { button, make, type Attributes } from './elements.ts';
import { prove } from './phone-passkey.ts';
import type { ByPasskey, Refused } from './sign-in.ts';

export const WORDS = 'Use your fingerprint or face';

export const able = (): boolean => 'PublicKeyCredential' in window;

/** A button, and a line for what is said about its work. */
export function pressed(words: string, sign: string, more: Attributes, work: (say: (words: string) => void) => Promise<Pick<Refused, 'words'> | null>): HTMLElement[] {
  const said = make('p', { class: 'bv-strong', role: 'status' });
  const say = (words: string): void => void (said.textContent = words);
  let busy = false;
  const press = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    say('Waiting…');
    const trouble = await work(say);
    busy = false;
    if (trouble) say(trouble.words);
  };
  return [button(words, () => void press(), { look: 'wide', sign, more }), said];
}

/** The button beside a PIN, for somebody whose passkey is on this phone and who has it alone; `work` signs in. */
export function fingerButton(who: Person, alone: boolean, work: (prove: ByPasskey, say: (words: string) => void) => Promise<Refused | null>): HTMLElement[] {
  if (!alone || !who.passkey || !able()) return [];
  const press = pressed(WORDS, 'lock', { 'data-by-finger': true }, (say) => {
    say('Waiting for your finger or face…');
    return work(prove, say);
  });
  return [make('div', { class: 'bv-section' }, ...press)];
}
