/** Practice observed: what may be kept, what one phone tells another, and what became of it. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Criterion, Practice } from '../../service_worker/core/api.ts';
import type { Watching } from '../../service_worker/core/attempt.ts';
import { newRecord, type Kept } from '../../service_worker/core/records.ts';
import { answerTo, stillToConfirm } from '../../service_worker/page/practice/confirm.ts';
import { keepFile } from '../../service_worker/page/keep-file.ts';
import { ALPHABET, cleanShort, linkOf, newShort, toldBy } from '../../service_worker/page/practice/link.ts';
import { wayBack } from '../../service_worker/page/enter.ts';
import { allowed, begin, dataOf, decisionsOf, namesSomebody, problemsOf, seenBy, shownTo, standingOf } from '../../service_worker/page/practice/rules.ts';
import { exportWaiting } from '../../service_worker/store/leaving.ts';
import { atStake } from '../../service_worker/store/removing.ts';
import { drafts, keep, records, saveDraft, setState, state, unfinished } from '../../service_worker/store/person.ts';
import { refresh } from '../../service_worker/sync/refresh.ts';
import { NGOZI, SERVER, START, hexOf, joinedPhone, luck, stamp, testDeps } from './support/phone.ts';
import { reply } from './support/server.ts';

const ID = '0190e1aa-1111-7000-8000-000000000001';
const CALLUM = { id: '0190e1aa-0000-7000-8000-000000000002', name: 'Callum Reid' };
const criterion = (code: string, simulation = false): Criterion => ({ code, text: `do ${code}`, confirmed: false, simulation });
const CRITERIA = [criterion('7.1a'), criterion('7.1b'), criterion('7.2a', true)];

const watching = (more: Partial<Watching> = {}): Watching => ({ ...begin(ID, CALLUM, 7, START), decisions: { '7.1a': 'yes' }, saw: 'Knocked and waited.', ...more });
const fields = (one: Watching): string[] => problemsOf(one, CRITERIA, START).map(({ field }) => field);
const practice = (more: Partial<Practice> = {}): Practice => ({ proto: 1, server: SERVER, scope: [7], people: [CALLUM], framework: { key: 'care-certificate-2025', standards: [{ number: 7, title: 'Privacy', criteria: CRITERIA }] }, mine: [], to_confirm: [], shown: {}, next: [], ...more });
const mine = (more: Partial<Practice['mine'][number]> = {}): Practice['mine'][number] => ({ id: ID, learner: CALLUM, standard: 7, seen_on: '2026-11-22', decisions: [{ code: '7.1a', decision: 'yes' }], short: 'ABCD2345', state: 'waiting-for-learner', comment: null, ...more });
const kept = async (one = watching()): Promise<Kept[]> =>
  keep(NGOZI, [{ ...newRecord(stamp(), 'observation.made', null, dataOf(one, 'care-certificate-2025', CRITERIA, 'ABCD2345')), id: one.attempt }], { finishes: one });

beforeEach(() => joinedPhone());

test('something has to be decided, on a day that has been, with words for it', () => {
  assert.deepEqual(fields(watching()), []);
  assert.deepEqual(fields(watching({ decisions: {} })), ['decisions']);
  assert.deepEqual(fields(watching({ decisions: { '7.1a': 'not-seen' } })), ['decisions'], 'Not seen alone says nothing');
  assert.deepEqual(fields(watching({ seen_on: '' })), ['seen_on']);
  assert.deepEqual(fields(watching({ seen_on: '2026-11-23' })), ['seen_on']);
  assert.deepEqual(fields(watching({ saw: ' ' })), ['saw']);
  assert.deepEqual(fields(watching({ saw: '', sawOf: { '7.1a': 'Knocked.' } })), [], 'words of its own do');
});

test('a Not yet needs a next step and a later day, and nothing else does', () => {
  const notYet = { decisions: { '7.1a': 'not-yet' as const } };
  assert.deepEqual(fields(watching(notYet)), ['next_step', 'next_on']);
  assert.deepEqual(fields(watching({ ...notYet, next_step: 'Knock first.', next_on: '2026-11-22' })), ['next_on']);
  assert.deepEqual(fields(watching({ ...notYet, next_step: 'Knock first.', next_on: '2026-12-01' })), []);
  const changedMind = watching({ next_step: 'Knock first.', next_on: '2026-12-01' });
  const data = dataOf(changedMind, 'f', CRITERIA, 'ABCD2345');
  assert.deepEqual([data.next_step, data.next_on], [null, null]);
});

test('a practice run shows only what may be shown by one', () => {
  const run = watching({ method: 'simulation', decisions: { '7.1a': 'yes', '7.2a': 'yes' } });
  assert.deepEqual(allowed(CRITERIA, 'simulation').map(({ code }) => code), ['7.2a']);
  assert.deepEqual(decisionsOf(run, CRITERIA).map(({ code }) => code), ['7.2a']);
});

test('words that could tell who somebody is are noticed, others are not', () => {
  for (const text of ['I helped Mrs Adeyemi up.', 'with Dr. Łukasz', 'at LS6 2AB', 'near 14 Chapel Allerton Road']) assert.ok(namesSomebody(text), text);
  for (const text of ['She drew the curtain first.', 'gave B12 3mg', 'Missed nothing', 'took 2 steps, then 3', 'the road was wet']) assert.ok(!namesSomebody(text), text);
});

test('a short code can be typed in any way, and is never of letters easily confused', () => {
  const codes = Array.from({ length: 200 }, (_, seed) => newShort(luck(seed)));
  assert.ok(codes.every((code) => cleanShort(code) === code));
  assert.equal(new Set(codes).size, 200);
  assert.equal(cleanShort(' abcd-23 45'), 'ABCD2345');
  for (const wrong of ['', 'ABCD234', 'ABCD23456', 'ABCD2340', 'ABCDI345']) assert.equal(cleanShort(wrong), null, wrong);
  assert.ok(!/[01ILOU]/.test(ALPHABET));
});

test('a link tells another phone all it needs, in any alphabet, and fits a code a camera can read', () => {
  const content = { assessor: 'Ọlá Łucja', standard: 7, seen_on: '2026-11-22', decisions: [{ code: '7.1a', decision: 'yes' as const }, { code: '7.1b', decision: 'not-yet' as const }, { code: '7.2a', decision: 'not-seen' as const }], next_step: 'x'.repeat(500) };
  const link = linkOf('https://visits.example', 'ABCD2345', ID, content);
  assert.ok(link.length < 500, String(link.length));
  const told = toldBy(new URL(link).hash)!;
  assert.deepEqual([told.short, told.observation, told.content!.assessor, told.content!.standard], ['ABCD2345', ID, 'Ọlá Łucja', 7]);
  assert.deepEqual(told.content!.decisions, content.decisions.slice(0, 2));
  assert.equal(told.content!.next_step!.length, 140);
  assert.deepEqual(toldBy('#ABCD2345'), { short: 'ABCD2345', observation: null, content: null });
});

test('a fragment that was cut off, or that nobody made, tells nothing', () => {
  const whole = new URL(linkOf('https://v.example', 'ABCD2345', ID, { assessor: 'Dawn', standard: 7, seen_on: '2026-11-22', decisions: [], next_step: null })).hash;
  for (let length = 0; length < whole.length; length += 1) {
    const told = toldBy(whole.slice(0, length));
    assert.ok(told === null || (told.observation === null && told.short === 'ABCD2345'), whole.slice(0, length));
  }
  const made = (content: unknown): string => `ABCD2345.${ID}.${Buffer.from(JSON.stringify(content)).toString('base64url')}`;
  const good = { a: 'Dawn', s: 7, d: '2026-11-22', y: ['7.1a'], n: [] };
  assert.ok(toldBy(made(good)));
  for (const wrong of [null, [], { ...good, a: 7 }, { ...good, s: '7' }, { ...good, d: 'today' }, { ...good, y: [{}] }, { ...good, n: 'x' }, { ...good, t: 4 }]) assert.equal(toldBy(made(wrong)), null);
});

test('a half-written observation is on the phone, is no lesson, and leaves with the record, once', async () => {
  await saveDraft(NGOZI, watching());
  assert.deepEqual(await drafts(NGOZI), []);
  assert.equal((await unfinished(NGOZI)).length, 1);
  assert.equal((await atStake(NGOZI)).drafts, 1, 'it would be lost');
  assert.equal((await exportWaiting(NGOZI, SERVER, START)).drafts.length, 1);
  assert.equal((await kept()).length, 1);
  assert.deepEqual(await unfinished(NGOZI), []);
  await kept();
  const all = await records(NGOZI);
  assert.deepEqual(all.map(({ id, kind, edition }) => [id, kind, edition]), [[ID, 'observation.made', null]], 'pressed twice, kept once');
  assert.deepEqual((all[0] as Kept<'observation.made'>).data.decisions, [{ code: '7.1a', decision: 'yes', saw: 'Knocked and waited.' }]);
});

test('the list tells what this phone did, and what the server makes of it', async () => {
  await saveDraft(NGOZI, watching());
  await kept();
  const own = await records(NGOZI);
  const words = (told: Practice | undefined, from = own): string => standingOf(seenBy(told, from, START)[0]!, 'Callum')[0];
  assert.match(words(practice()), /waiting to send/);
  assert.equal(seenBy(practice(), own, START)[0]!.learner.name, 'Callum Reid');
  assert.match(words(practice({ mine: [mine()] })), /Waiting for Callum/);
  assert.match(words(practice({ mine: [mine({ state: 'counts' })] })), /Callum confirmed it/);
  assert.match(words(practice({ mine: [mine({ state: 'disagreed', comment: 'No.' })] })), /sees it differently/);
  await keep(NGOZI, [newRecord(stamp(), 'observation.withdrawn', null, { observation: ID, reason: 'Wrong person.' })]);
  assert.equal(words(practice({ mine: [mine({ state: 'counts' })] }), await records(NGOZI)), 'Taken back');
  assert.equal(seenBy(practice({ mine: [mine()] }), [], START).length, 1, 'made on another phone');
});

test('the latest word on a criterion is the one that shows', () => {
  const [old, fresh] = [mine({ id: 'a', seen_on: '2026-11-01' }), mine({ id: 'b', seen_on: '2026-11-20', decisions: [{ code: '7.1a', decision: 'not-yet' }] })];
  const shown = (...told: Practice['mine']): number => shownTo(seenBy(practice({ mine: told }), [], START), CALLUM.id, CRITERIA);
  assert.deepEqual([shown(old), shown(old, fresh), shown(mine({ state: 'disagreed' })), shown()], [1, 0, 0, 0]);
});

test('what was confirmed here waits no more, known by its id or by its code', async () => {
  const one = { id: ID, assessor: 'Dawn Hill', standard: 7, title: 'Privacy', method: 'observation' as const, seen_on: '2026-11-22', decisions: [], next_step: null, next_on: null, short: 'ABCD2345' };
  const told = practice({ to_confirm: [one] });
  assert.equal(stillToConfirm(told, []).length, 1);
  await keep(NGOZI, [newRecord(stamp(), 'observation.confirmed', null, { observation: null, short: 'ABCD2345', agrees: true, comment: null })]);
  const own = await records(NGOZI);
  assert.deepEqual(stillToConfirm(told, own), []);
  assert.ok(answerTo({ short: 'ABCD2345', observation: ID }, own));
  assert.equal(answerTo({ short: 'ABCD2346', observation: null }, own), undefined);
});

test('what the server knows of practice is fetched by its tag, and only from our server', async () => {
  const asked: (string | null)[] = [];
  const answers = [reply({ ...practice() }, 200, { etag: '"p"' }), new Response(null, { status: 304 }), reply({ ...practice({ scope: [] }), server: 'another' })];
  const deps = testDeps((address, init) => {
    assert.equal(address, '/api/v1/practice');
    asked.push(new Headers(init.headers).get('if-none-match'));
    return answers.shift()!;
  });
  const fetched = (): Promise<string> => refresh(deps, NGOZI, 'practice', 'practice', ({ mine: list }) => Array.isArray(list));
  assert.deepEqual([await fetched(), await fetched(), await fetched()], ['new', 'same', 'no-answer']);
  assert.deepEqual(asked, [null, '"p"', '"p"']);
  assert.deepEqual((await state(NGOZI, 'practice'))!.scope, [7]);
  await setState(NGOZI, { practice: undefined });
});

test('the file is kept when it is the right one, and the build before leaves', async () => {
  const text = 'export {}';
  const address = `/static/build/practice-${hexOf(text).slice(0, 10)}.js`;
  let answer = (): Response => new Response('<!doctype html>Free Wi-Fi');
  const deps = testDeps(() => answer());
  assert.equal(await keepFile(deps, address, 'practice'), false, 'a portal’s page');
  assert.deepEqual(deps.caches.addresses('practice'), []);
  answer = () => new Response(text);
  assert.equal(await keepFile(deps, address, 'practice'), true);
  const cache = await deps.caches.open('practice');
  await cache.put('/static/build/practice-0000000000.js', new Response('old'));
  answer = () => {
    throw new TypeError('no line');
  };
  assert.equal(await keepFile(deps, address, 'practice'), true, 'it is here: nothing is asked');
  assert.deepEqual(deps.caches.addresses('practice'), [address]);
});

test('what was scanned on a shared phone waits for whoever opens it with their PIN; other screens do not', () => {
  const noted = new Map<string, string>();
  Object.defineProperty(globalThis, 'sessionStorage', { configurable: true, value: { getItem: (key: string) => noted.get(key) ?? null, removeItem: (key: string) => noted.delete(key) } });
  const back = (place: string, same: boolean): string => wayBack((noted.set('bv-back', place), same));
  assert.deepEqual([back('/confirm#ABCD2345', false), back('/confirm#ABCD2345', true), back('/record', false), back('/record', true)], ['/confirm#ABCD2345', '/confirm#ABCD2345', '/today', '/record']);
});
