/** At the end: what would be lost, and taking a person off the phone. */

import type { Kept } from '../core/records.ts';
import { deleteDatabase } from './open.ts';
import { notes, records, schemaOf, unfinished } from './person.ts';
import { forgetPerson, person, putPerson } from './phone.ts';

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
