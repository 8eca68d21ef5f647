/** Taking somebody, or one place of theirs, off this phone. Lessons stay, as others may use them; the record stays on the server. No DOM. */

import { byPerson, changePerson, people, personUuid, type Person } from '../store/phone.ts';
import { removePerson } from '../store/removing.ts';
import { ask } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import { settleEditions } from '../sync/editions.ts';

/**
 * Take a place of a person and all they have there off this phone. Lessons nobody asked for any more may leave when room
 * is needed. Whoever is left alone by somebody else goes on being asked for their PIN. Throws NotSaved.
 */
export async function takeOff(deps: Deps, who: Pick<Person, 'id' | 'uuid' | 'append'>, evenSo: boolean): Promise<boolean> {
  if (await removePerson(who.id, evenSo)) return false;
  const [alone, ...others] = byPerson(await people());
  if (alone?.[0]?.pin && !others.length && personUuid(alone[0]) !== personUuid(who)) await changePerson(alone[0].id, { ask: true });
  // Nothing waits for this: without signal the server goes on knowing the phone, and a manager can end it there.
  if (who.append) void ask(deps, '/api/v1/devices/end', { method: 'POST', keepalive: true, headers: { authorization: `Bearer ${who.append}` } }).catch(() => undefined);
  // They are off, whatever becomes of the tidying: the next list of lessons does it again.
  await settleEditions(deps).catch(() => undefined);
  return true;
}
