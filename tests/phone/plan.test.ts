/** My plan on a phone: the server's goals, and on top of them what this phone said since. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Delegated, Goal, Snapshot } from '../../service_worker/core/api.ts';
import type { Kept, RecordData } from '../../service_worker/core/records.ts';
import { goalsNow, isOld, taskStanding, tasksInOrder } from '../../service_worker/page/plan/rules.ts';

const HOIST = '0197a000-0000-7000-8000-000000000001';
const VISIT = '0197a000-0000-7000-8000-000000000002';
const TOLD = '2026-11-20T10:00:00.000Z';

const goal = (more: Partial<Goal> = {}): Goal => ({ id: HOIST, text: 'The hoist', by: null, done: false, from: 'me', comment: 'Ask Dawn', ...more });
const snapshot = (...goals: Goal[]): Snapshot => ({ goals }) as unknown as Snapshot;
let seq = 0;
const said = (data: Partial<RecordData['goal.saved']>, local: Partial<Kept> = {}): Kept =>
  ({ id: `r${(seq += 1)}`, kind: 'goal.saved', seq, st: 'kept', received: null, r: null, data: { goal: HOIST, text: 'The hoist', by: null, done: false, ...data }, ...local }) as unknown as Kept;

test('what this phone said last counts until the server has told it, and waits', () => {
  const own = [said({ text: 'The hoist alone' }), said({ text: 'The hoist alone', by: '2027-01-31', done: true })];
  const [one] = goalsNow(snapshot(goal()), own, TOLD);
  assert.deepEqual([one!.text, one!.by, one!.done, one!.comment, one!.waiting], ['The hoist alone', '2027-01-31', true, 'Ask Dawn', true]);
});

test('what the server had by the time it told counts as it told it', () => {
  const old = said({ text: 'Older words' }, { st: 'receipted', received: '2026-11-19T10:00:00.000Z' });
  assert.equal(goalsNow(snapshot(goal()), [old], TOLD)[0]!.text, 'The hoist');
  const sent = said({ text: 'Newer words' }, { st: 'receipted', received: '2026-11-21T10:00:00.000Z' });
  const [now] = goalsNow(snapshot(goal()), [sent], TOLD);
  assert.deepEqual([now!.text, now!.waiting], ['Newer words', false]);
});

test('no words take an own goal off, and never a manager’s', () => {
  const both = snapshot(goal(), goal({ id: VISIT, text: 'Lead a visit', from: 'manager' }));
  const own = [said({ text: ' ' }), said({ goal: VISIT, text: '', done: true })];
  assert.deepEqual(goalsNow(both, own, TOLD).map(({ text, done, from }) => [text, done, from]), [['Lead a visit', true, 'manager']]);
});

test('without a snapshot, and from a server that knows no plans, one’s own goals stand', () => {
  assert.equal(goalsNow(undefined, [said({})], '').length, 1);
  assert.equal(goalsNow({} as Snapshot, [said({}, { r: 'held', st: 'receipted' })], '').length, 0, 'held: somebody looks at it first');
});

test('open goals come first, the nearest day before the others', () => {
  const own = [said({ goal: 'a', done: true }), said({ goal: 'b' }), said({ goal: 'c', by: '2027-03-01' }), said({ goal: 'd', by: '2027-01-01' })];
  assert.deepEqual(goalsNow(undefined, own, '').map(({ id }) => id), ['d', 'c', 'b', 'a']);
});

const task = (more: Partial<Delegated> = {}): Delegated => ({ id: HOIST, task: 'Give insulin by pen', for: 'Maple 14', limits: 'The chart', until: '2027-06-30', by: 'Dawn Hill, district nurse', withdrawn: null, ...more });

test('a delegated task ends by the day in England, and never while its last day lasts', () => {
  const on = (at: string, more: Partial<Delegated> = {}): string => taskStanding(task(more), Date.parse(at));
  assert.equal(on('2027-05-30T22:59:59Z'), 'may');
  assert.equal(on('2027-05-30T23:00:00Z'), 'soon', 'midnight of a summer night in England');
  assert.equal(on('2027-06-30T22:59:59Z'), 'soon');
  assert.equal(on('2027-06-30T23:00:00Z'), 'ended');
  assert.equal(on('2027-01-01T00:30:00Z', { until: '2026-12-31' }), 'ended');
  assert.equal(on('2026-12-31T23:59:59Z', { until: '2026-12-31' }), 'soon');
  assert.equal(on('2026-06-01T00:00:00Z', { withdrawn: 'Their needs changed' }), 'withdrawn');
  assert.equal(on('2028-06-01T00:00:00Z', { withdrawn: 'Their needs changed' }), 'withdrawn');
});

test('what may be done stands first, the nearest end before', () => {
  const tasks = [task({ for: 'Gone 1', withdrawn: 'x' }), task({ for: 'Late 2' }), task({ for: 'Over 3', until: '2027-01-01' }), task({ for: 'Near 4', until: '2027-05-05' })];
  assert.deepEqual(tasksInOrder(tasks, Date.parse('2027-05-01T09:00:00Z')).map((one) => [one.for, one.standing]), [['Near 4', 'soon'], ['Late 2', 'may'], ['Over 3', 'ended'], ['Gone 1', 'withdrawn']]);
});

test('a list says how old it is once the server said nothing for half a day, or the clock was set back', () => {
  const asked = Date.parse('2027-05-01T09:00:00Z');
  const hours = (number: number): number => asked + number * 3_600_000;
  assert.deepEqual([isOld(asked, hours(1)), isOld(asked, hours(12)), isOld(asked, hours(13)), isOld(asked, hours(-20))], [false, false, true, true]);
});
