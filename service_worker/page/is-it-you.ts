/** "Is it you?": the browser is signed in and the phone knows nobody, as in an app just put on the home screen. */

import { people, personUuid, type Person } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { make } from './elements.ts';
import { settle } from './enrol.ts';
import { fingerButton } from './finger.ts';
import { pinForm } from './pin-form.ts';
import { firstName } from './say.ts';
import { askForTokens, type ByPasskey, type Refused } from './sign-in.ts';

/** Ask for the PIN, or a passkey, in `host`; `carryOn` goes on with whoever it is, once they are on this phone. */
export async function isItYou(host: HTMLElement, deps: Deps, row: Person, carryOn: (id: string) => Promise<void>): Promise<void> {
  const work = async (pin: string | ByPasskey, say: (words: string) => void): Promise<Refused | null> => {
    say('Going on…');
    const given = await askForTokens(deps, typeof pin === 'string' ? { ...row, passkey: null } : row, pin);
    if (given.end !== 'ready') return given;
    const whole = { ...row, ...given.got };
    await settle(whole, deps.now());
    box.remove();
    await carryOn(whole.id);
    return null;
  };
  const form = pinForm('who', row.name, 'Go on', async (pin, say) => {
    const given = await work(pin, say);
    return given && { words: given.words, blame: given.end === 'mend' };
  });
  // Where others are, the PIN has to be known here too: it is what keeps them apart.
  const alone = (await people()).every((one) => personUuid(one) === personUuid(row));
  const box = make('section', { class: 'bv-card bv-card--main', 'data-ask': true }, make('h2', { class: 'bv-card__title' }, 'Is it you?'), make('p', {}, 'Your record is safe on our server. Your PIN opens it here.'), form, ...fingerButton(row, alone, work));
  document.querySelector('[data-lead]')!.textContent = `Hello again, ${firstName(row.name)}.`;
  host.append(box);
}
