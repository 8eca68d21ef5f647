/** Before and at the end: a copy of what only this phone has, what would be lost, and taking a person off the phone. */

import type { Answering, Draft, Watching } from '../core/attempt.ts';
import { envelope, type Kept } from '../core/records.ts';
import { deleteDatabase } from './open.ts';
import { notes, records, schemaOf, unfinished } from './person.ts';
import { forgetPerson, person, personUuid, putPerson } from './phone.ts';

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

/** What would be lost by removing a person now. */
export async function atStake(id: string): Promise<{ unsent: number; held: number; refused: number; drafts: number; notes: number }> {
  const [own, running, written] = await Promise.all([records(id), unfinished(id), notes(id)]);
  const count = (test: (record: Kept) => boolean): number => own.filter(test).length;
  return {
    unsent: count((record) => record.st === 'kept'),
    held: count((record) => record.r === 'held'),
    refused: count((record) => record.st === 'refused'),
    drafts: running.length,
    notes: written.length,
  };
}

/**
 * Remove a person and all they have on this phone. Refuses, with what is at stake, while anything would be lost, unless
 * `evenSo`: the screen has then offered to connect or save a copy, and a word was typed. Throws NotSaved.
 */
export async function removePerson(id: string, evenSo = false): Promise<Awaited<ReturnType<typeof atStake>> | null> {
  const lost = async (): Promise<Awaited<ReturnType<typeof atStake>> | null> => {
    const stake = await atStake(id);
    return !evenSo && Object.values(stake).some(Boolean) ? stake : null;
  };
  const row = await person(id);
  const first = await lost();
  if (first || !row) return first;
  // From here on no tab keeps anything more for them; what one kept just before is counted once more.
  await forgetPerson(id);
  try {
    const late = await lost();
    if (late) await putPerson(row);
    else await deleteDatabase(schemaOf(id).name);
    return late;
  } catch (error) {
    await putPerson(row);
    throw error;
  }
}
