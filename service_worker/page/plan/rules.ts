/** What a development plan says on this phone: what the server told, and on top of it what this phone did since. No DOM. */

import type { Goal, Snapshot } from '../../core/api.ts';
import type { Kept } from '../../core/records.ts';

export type Plan = Goal & { waiting: boolean };

/** Is this record one the snapshot cannot hold yet? `told`: all the server had receipted by then is in the snapshot. */
const isFresh = ({ received }: Kept, told: string): boolean => !received || received > told;

/**
 * The goals now. The carer's own goals are as they said last, and no words take one off; of a manager's goal the carer
 * only says whether it is done. `own` are the records of this phone, oldest first.
 */
export function goalsNow(snapshot: Snapshot | undefined, own: readonly Kept[], told: string): Plan[] {
  const goals = new Map<string, Plan>((snapshot?.goals ?? []).map((goal) => [goal.id, { ...goal, waiting: false }]));
  for (const record of own) {
    if (record.kind !== 'goal.saved' || record.r === 'held' || !isFresh(record, told)) continue;
    const { goal, text, by, done } = (record as Kept<'goal.saved'>).data;
    const before = goals.get(goal);
    const waiting = record.st !== 'receipted';
    if (before?.from === 'manager') goals.set(goal, { ...before, done, waiting });
    else if (text.trim()) goals.set(goal, { id: goal, text: text.trim(), by, done, from: 'me', comment: before?.comment ?? null, waiting });
    else goals.delete(goal);
  }
  return [...goals.values()].sort((one, other) => Number(one.done) - Number(other.done) || (one.by ?? '9999').localeCompare(other.by ?? '9999'));
}
