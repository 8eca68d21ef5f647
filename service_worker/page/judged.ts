/** Records the server held, for want of a release or an edition, and has judged since. */

import { changeRecords, records, state } from '../store/person.ts';

/**
 * Call sent what the last snapshot no longer lists as held. Only what the server had taken when it told that snapshot
 * can be missing from it; a server of an earlier release lists nothing. Returns how many moved. Throws NotSaved.
 */
export async function callJudgedSent(personId: string): Promise<number> {
  const [holding, told = '', own] = await Promise.all([state(personId, 'snapshot').then((found) => found?.holding), state(personId, 'told'), records(personId)]);
  if (!holding) return 0;
  const judged = own.filter(({ id, r, received }) => r === 'held' && received !== null && received <= told && !holding.includes(id));
  if (!judged.length) return 0;
  return (await changeRecords(personId, judged.map(({ id }) => id), (record) => (record.r === 'held' ? { ...record, r: 'stored', code: null } : null))).length;
}
