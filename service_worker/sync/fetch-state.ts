/** The snapshot of what the server knows of one person. What the phone shows = the snapshot + its own records. */

import { records } from '../store/person.ts';
import { personUuid } from '../store/phone.ts';
import type { Deps } from './deps.ts';
import { refresh, type Refreshed } from './refresh.ts';

/** Fetch the person's state when it changed. An ended sign-in stops this, never the sending of records. */
export async function fetchState(deps: Deps, personId: string): Promise<Refreshed> {
  const told = (await records(personId)).reduce((last, { received }) => (received && received > last ? received : last), '');
  return refresh(deps, personId, 'state', 'snapshot', (found, who) => found.person?.id === personUuid(who), { told, asked: deps.now() });
}
