/** In Me: a fingerprint or face in place of the PIN, added and taken away. What that does is in again.ts, fetched at the tap. */

import { person, type Person } from '../../store/phone.ts';
import type { Deps } from '../../sync/deps.ts';
import { againFile } from '../coming-back.ts';
import { make } from '../elements.ts';
import { WORDS, able, pressed } from '../finger.ts';
import { paragraph } from '../pieces.ts';
import { day } from '../say.ts';
import { NO_SIGNAL, readsNoMore } from '../sign-in-words.ts';

/** Draw the row into `host`; `alone`: nobody else is on this phone. */
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
  const press = pressed(has ? 'Remove it' : `${WORDS} to sign in`, has ? 'remove' : 'lock', { 'data-finger-row': has ? 'remove' : 'add' }, async () => {
    const file = await againFile();
    file?.askFinger(host, { deps, who }, again);
    return file ? null : { words: NO_SIGNAL };
  });
  host.replaceChildren(
    make('h2', { class: 'bv-section__title', tabindex: '-1' }, 'Fingerprint or face'),
    paragraph(has ? `Your fingerprint or face signs you in here in place of your PIN. Added ${day(has)}.${alone ? '' : ' Others use this phone: remove it if they can unlock it.'}` : 'When this phone asks you to sign in again, it can do in place of your PIN. You choose.'),
    ...press,
  );
}
