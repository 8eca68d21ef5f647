/** What My plan says on this phone: what the server told, and on top of it what this phone did since. No DOM. */

import type { Delegated, Goal, Snapshot } from '../../core/api.ts';
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

export type TaskStanding = 'may' | 'soon' | 'ended' | 'withdrawn';
const SOON = 30 * 86_400_000;
/** With no word of the server for longer than this, a list says how old it is: a task may have been withdrawn since. */
const OLD = 12 * 3_600_000;
const ENGLAND = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', year: 'numeric', month: '2-digit', day: '2-digit' });

/**
 * Where a delegated task stands on the day in England at `now` (ms, the server's time, as this phone knows it): with no
 * signal for months, one past its last day still says so.
 */
export function taskStanding({ until, withdrawn }: Pick<Delegated, 'until' | 'withdrawn'>, now: number): TaskStanding {
  if (withdrawn !== null) return 'withdrawn';
  const today = ENGLAND.format(now).split('/').reverse().join('-');
  if (today > until) return 'ended';
  return Date.parse(until) - Date.parse(today) <= SOON ? 'soon' : 'may';
}

/** What may be done first, the nearest end before; then what may not any more. */
export const tasksInOrder = (tasks: readonly Delegated[], now: number): (Delegated & { standing: TaskStanding })[] =>
  tasks
    .map((task) => ({ ...task, standing: taskStanding(task, now) }))
    .sort((one, other) => Number(isOver(one.standing)) - Number(isOver(other.standing)) || one.until.localeCompare(other.until));

export const isOver = (standing: TaskStanding): boolean => standing === 'ended' || standing === 'withdrawn';

/** Is what the server last said at `asked` (this phone's time) old by now? A clock that was set back says nothing of how old. */
export const isOld = (asked: number, now: number): boolean => Math.abs(now - asked) > OLD;
