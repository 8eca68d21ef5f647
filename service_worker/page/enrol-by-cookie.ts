/** Make this phone the phone of whoever this browser is signed in as, where the page after the PIN did not bring what it takes. */

import { NotSaved } from '../store/open.ts';
import { value } from '../store/phone.ts';
import { NoAnswer, ask, json, ping } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import { take, type Enrolled } from './enrol.ts';
import type { Curtain } from './pin-curtain.ts';

/**
 * Enrol this phone with the cookie of the sign-in and its CSRF token. Storage is tried first, so that no phone is
 * enrolled that could not keep its tokens.
 *
 * A person who was on this phone before gets new tokens; what they have not sent stays, under the phone id it was made
 * with. Without `curtain` nobody chose a PIN in this tab just now, and whoever holds the phone may not be who the
 * browser is signed in as: then a PIN that this phone or the server knows has to open it.
 */
export async function enrol(deps: Deps, address: string, csrf: string, curtain: Curtain | null): Promise<Enrolled> {
  try {
    const known = await value('server');
    if ((await ping(deps)) !== known && known !== undefined) return { end: 'trouble' };
    const answer = await ask(deps, address, { method: 'POST', credentials: 'same-origin', headers: { 'content-type': 'application/json', 'x-csrftoken': csrf }, body: '{}' });
    const reply = json(answer);
    return answer.status < 400 ? await take(deps, reply, curtain) : { end: 'trouble' };
  } catch (error) {
    if (error instanceof NotSaved) return { end: 'no-storage' };
    if (error instanceof NoAnswer) return { end: 'no-signal' };
    throw error;
  }
}
