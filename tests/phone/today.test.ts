/** What Today offers first, and what this phone adds to what the server knows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Snapshot } from '../../service_worker/core/api.ts';
import { start } from '../../service_worker/core/attempt.ts';
import { firstLookBack } from '../../service_worker/core/ladder.ts';
import { newRecord, type Kept } from '../../service_worker/core/records.ts';
import type { Status } from '../../service_worker/core/status.ts';
import { gather, standingOf, stillToDo, waitingOf, type Facts } from '../../service_worker/page/facts.ts';
import { minutesThisMonth } from '../../service_worker/page/minutes-spent.ts';
import { changeRecords, keep, setState } from '../../service_worker/store/person.ts';
import { setValue } from '../../service_worker/store/phone.ts';
import { recordText } from '../../service_worker/page/record-text.ts';
import { planFor } from '../../service_worker/page/today-plan.ts';
import { NGOZI, START, Shelf, aPerson, anEdition, joinedPhone, stamp, testDeps } from './support/phone.ts';

const DAY = 86_400_000;

type Told = Snapshot['modules'][string];
const told = (status: Status, more: Partial<Told> = {}): Told => ({ status, completed_at: null, valid_until: null, due: null, edition: null, ...more });

const snapshot = (modules: { [key: string]: Told }, more: Partial<Snapshot> = {}): Snapshot => ({
  proto: 1, server: 's', now: '', person: { id: 'p', name: 'Ngozi Obi' }, provider: { id: 'b', name: 'Bramble', contact: 'Priya' },
  assignments: [], results: [], modules, resets: {}, held: 0, messages: [], standards: [], ...more,
});

function facts(keys: readonly string[], modules: { [key: string]: Told } = {}, more: Partial<Facts> = {}): Facts {
  const shelf = new Shelf();
  for (const key of keys) shelf.offer(key);
  return { person: aPerson(), now: START, off: 0, snapshot: snapshot(modules), catalogue: shelf.catalogue(), drafts: [], records: [], editions: [], lookBacks: [], passedHere: new Set(), triedHere: new Set(), ...more };
}

const finished = (module: string, at: string, more: Partial<Kept> = {}): Kept => ({
  id: `r-${module}-${at}`, v: 1, kind: 'quiz.answered', dev: 'd', seq: 1, at, mono: 0, off: 0, edition: 'e', app: 'a', lang: 'en',
  data: { module, edition_no: 1, attempt: 'x', seed: 1, started: at, seconds: 90, answers: {} },
  st: 'kept', tries: 0, next: 0, since: null, r: null, code: null, received: null, ...more,
});

test('what was put down comes before anything new', () => {
  const draft = { ...start(anEdition('stairs'), 'sha', stamp()), part: 3 };
  const plan = planFor(facts(['falls', 'stairs'], { falls: told('overdue', { due: '2026-11-01' }) }, { drafts: [draft] }), () => 6);
  assert.equal(plan.main.kind, 'carry-on');
  assert.equal(plan.main.kind === 'carry-on' && plan.main.address, '/learn/stairs/1/3');
  assert.deepEqual(plan.comingUp.map((module) => module.key), ['falls']);
});

test('overdue comes first, then the nearest date, then the order of the catalogue', () => {
  const todo = stillToDo(facts(['a', 'b', 'c', 'd'], { b: told('due-soon', { due: '2026-12-01' }), c: told('overdue', { due: '2026-11-01' }) }));
  assert.deepEqual(todo.map((module) => module.key), ['c', 'b', 'a', 'd']);
});

test('what is in date, needs watching or is not needed is not asked for again', () => {
  const plan = planFor(facts(['a', 'b', 'c'], { a: told('in-date', { valid_until: '2027-03-01' }), b: told('needs-watching'), c: told('not-needed') }));
  assert.deepEqual(plan.main, { kind: 'all-done', next: '2027-03-01' });
});

test('a pass on this phone counts here before the server has heard of it', () => {
  const here = facts(['a', 'b'], {}, { passedHere: new Set(['a']) });
  assert.equal(standingOf(here, 'a').status, 'in-date');
  assert.deepEqual(stillToDo(here).map((module) => module.key), ['b']);
});

test('a finished go that was no pass shows as under way until the server has judged it; then the server says', async () => {
  assert.equal(standingOf(facts(['a'], {}, { triedHere: new Set(['a']) }), 'a').status, 'under-way');
  await joinedPhone();
  await setValue('person', NGOZI);
  const go = newRecord(stamp(), 'quiz.answered', 'e'.repeat(64), { module: 'a', edition_no: 1, attempt: 'x', seed: 1, started: '', seconds: 9, answers: {} });
  await keep(NGOZI, [go]);
  // A pass that ran out, of a module nobody asks for: the case "validity over is nobody's fault" of the contract.
  await setState(NGOZI, { snapshot: snapshot({ a: told('not-started', { completed_at: '2025-01-01T00:00:00.000Z' }) }) });
  const stands = async (): Promise<Status> => standingOf((await gather(testDeps(() => new Response())))!, 'a').status;
  assert.equal(await stands(), 'under-way');
  await changeRecords(NGOZI, [go.id], (one) => ({ ...one, st: 'receipted', received: '2026-11-22T09:05:00.000Z' }));
  assert.equal(await stands(), 'under-way');
  await setState(NGOZI, { told: '2026-11-22T09:05:00.000Z' });
  assert.equal(await stands(), 'not-started');
});

test('after three goes a module rests until tomorrow, and another is offered', () => {
  const goes = [1, 2, 3].map((minute) => finished('a', new Date(START - minute * 60_000).toISOString()));
  const plan = planFor(facts(['a', 'b'], {}, { records: goes }));
  assert.equal(plan.main.kind === 'next' && plan.main.module.key, 'b');
  assert.equal(planFor(facts(['a'], {}, { records: goes })).main.kind, 'tomorrow');
  assert.equal(planFor(facts(['a'], {}, { records: goes, now: START + DAY })).main.kind, 'next');
});

test('the first day, and nothing asked, have their own words', () => {
  assert.equal(planFor(facts([], {}, { catalogue: undefined })).main.kind, 'not-known');
  assert.equal(planFor(facts([])).main.kind, 'nothing-asked');
});

test('at most three things are coming up, and looking back is offered when it is due', () => {
  const plan = planFor(facts(['a', 'b', 'c', 'd', 'e'], {}, { lookBacks: [firstLookBack('x', 'q', START - 2 * DAY), firstLookBack('x', 'r', START)] }));
  assert.equal(plan.comingUp.length, 3);
  assert.equal(plan.lookBack, 1);
});

test('waiting, not sent, held and sent are told apart', () => {
  const at = new Date(START - 8 * DAY).toISOString();
  const found = waitingOf(
    [
      finished('a', at), finished('b', at, { since: START - 8 * DAY }), finished('c', at, { st: 'refused', r: 'refused' }),
      finished('d', at, { st: 'receipted', r: 'held', received: '2026-11-20T10:00:00Z' }), finished('e', at, { st: 'receipted', r: 'stored', received: '2026-11-21T10:00:00Z' }),
    ],
    START,
  );
  assert.deepEqual([found.waiting.length, found.notSent.length, found.held.length, found.lastSent], [1, 2, 1, '2026-11-21T10:00:00Z']);
});

test('minutes are those of this month, with what other phones sent, each go once', () => {
  const records = [finished('a', '2026-11-02T09:00:00Z'), finished('b', '2026-11-03T09:00:00Z'), finished('c', '2026-10-03T09:00:00Z')];
  assert.equal(minutesThisMonth(facts([], {}, { records })), 3);
  const result = (record: string, at: string, seconds?: number): Snapshot['results'][number] => ({ record, module: 'a', edition: 1, sha: 'e', at, received: at, score: 100, passed: true, questions: [], ...(seconds === undefined ? {} : { seconds }) });
  const results = [result(records[0]!.id, '2026-11-02T09:00:00Z', 90), result('elsewhere', '2026-11-04T09:00:00Z', 240), result('older', '2026-11-05T09:00:00Z'), result('before', '2026-10-30T09:00:00Z', 600)];
  assert.equal(minutesThisMonth(facts([], {}, { records, snapshot: snapshot({}, { results }) })), 7);
});

test('the record one takes along says both halves, and that questions alone are not enough', () => {
  const text = recordText(facts(['a'], { a: told('in-date', { completed_at: '2026-10-03T09:00:00Z', valid_until: '2027-10-03' }), 'gone-since': told('in-date', { completed_at: '2026-10-04T09:00:00Z' }) }));
  assert.match(text, /- About a: 3 October 2026, until 3 October 2027\n- gone since: 4 October 2026\n/);
  assert.match(text, /complete only when an assessor/);
});
