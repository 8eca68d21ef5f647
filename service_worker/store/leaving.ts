/** A copy of what only this phone has. */

import type { Answering, Draft, Watching } from '../core/attempt.ts';
import { envelope } from '../core/records.ts';
import { records, unfinished } from './person.ts';
import { person, personUuid } from './phone.ts';

/** A file with everything that is not receipted, which a manager can import. It holds no token and no PIN. */
export interface SavedCopy {
  format: 'between-visits-records';
  v: 1;
  server: string | null;
  person: { id: string; name: string };
  made: string;
  records: ReturnType<typeof envelope>[];
  /** Running attempts and half-written observations, so that nothing written is missing. */
  drafts: (Draft | Watching | Answering)[];
}

/** "Save a copy": unsent, refused and held records as one JSON object. `now` is phone time in ms. */
export async function exportWaiting(id: string, server: string | null, now: number): Promise<SavedCopy> {
  const [owner, own, running] = await Promise.all([person(id), records(id), unfinished(id)]);
  return {
    format: 'between-visits-records',
    v: 1,
    server,
    person: { id: owner ? personUuid(owner) : id, name: owner?.name ?? '' },
    made: new Date(now).toISOString(),
    records: own.filter((record) => record.st !== 'receipted' || record.r === 'held').map(envelope),
    drafts: running,
  };
}
