import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { state } from '../../service_worker/store/person.ts';
import { people, person, setValue, value } from '../../service_worker/store/phone.ts';
import { firstFetch, settle, takeFromPage } from '../../service_worker/page/enrol.ts';
import { enrol } from '../../service_worker/page/enrol-by-cookie.ts';
import { whoIsHere } from '../../service_worker/page/opened.ts';
import { curtainFor } from '../../service_worker/page/pin-curtain.ts';
import { opens } from '../../service_worker/page/try-pin.ts';
import { NGOZI, SERVER, START, aPerson, luck, newPhone, testDeps, type Handler } from './support/phone.ts';
import { putPerson } from '../../service_worker/store/phone.ts';

beforeEach(newPhone);

const enrolment = { proto: 1, server: SERVER, dev: 'dev-new', append: 'append-new', read: 'read-new', person: { id: NGOZI, name: 'Ngozi Okafor' }, provider: { id: 'bramble', name: 'Bramble' } };
const seen: RequestInit[] = [];
const server = (answer: unknown, status = 201): Handler => (address, init) => {
  if (address.startsWith('/api/v1/ping')) return Response.json({ proto: 1, server: SERVER, n: new URLSearchParams(address.split('?')[1]).get('n'), now: new Date(START).toISOString() });
  seen.push(init);
  return Response.json(answer, { status });
};

test('a phone is enrolled with the cookie of the sign-in and its token', async () => {
  const curtain = await curtainFor('274913', luck(1), 1000);
  assert.deepEqual(await enrol(testDeps(server(enrolment)), '/api/v1/devices', 'csrf', curtain), { end: 'ready', person: NGOZI });
  assert.deepEqual([seen.at(-1)?.credentials, (seen.at(-1)?.headers as { 'x-csrftoken': string })['x-csrftoken']], ['same-origin', 'csrf']);
  const row = (await person(NGOZI))!;
  assert.deepEqual([row.dev, row.append, row.read, row.pin, await value('person')], ['dev-new', 'append-new', 'read-new', curtain, NGOZI]);
});

test('the PIN itself is nowhere in what is kept', async () => {
  const curtain = await curtainFor('274913', luck(1), 1000);
  assert.ok(!JSON.stringify(curtain).includes('274913'));
  assert.deepEqual([await opens(curtain, '274913'), await opens(curtain, '274914')], [true, false]);
});

test('two phones with the same PIN keep different things', async () => {
  assert.notEqual((await curtainFor('274913', luck(1), 1000)).hash, (await curtainFor('274913', luck(2), 1000)).hash);
});

test('somebody who was here before keeps their PIN and is no longer paused', async () => {
  await putPerson(aPerson({ pin: { salt: 's', hash: 'h', iterations: 1 }, paused: 'sign-in', contact: 'Priya' }));
  await enrol(testDeps(server(enrolment)), '/api/v1/devices', 'csrf', null);
  const row = (await person(NGOZI))!;
  assert.deepEqual([row.pin?.hash, row.paused, row.contact, row.append], ['h', null, 'Priya', 'append-new']);
});

test('wrong tries at a PIN outlive a sign-in of the browser, and a new PIN begins anew', async () => {
  const wrong = { n: 7, at: START };
  const curtain = await curtainFor('274913', luck(1), 1000);
  await putPerson(aPerson({ pin: curtain, wrong }));
  await enrol(testDeps(server(enrolment)), '/api/v1/devices', 'csrf', null);
  assert.deepEqual((await person(NGOZI))!.wrong, wrong);
  await enrol(testDeps(server(enrolment)), '/api/v1/devices', 'csrf', curtain);
  assert.equal((await person(NGOZI))!.wrong, null);
});

test('a browser that is signed in puts nobody on the phone without a PIN that somebody knows', async () => {
  const found = await enrol(testDeps(server(enrolment)), '/api/v1/devices', 'csrf', null);
  assert.equal(found.end, 'pin');
  assert.deepEqual([await people(), await value('person')], [[], undefined]);
  if (found.end === 'pin') assert.deepEqual(await settle({ ...found.row, pin: await curtainFor('274913', luck(1), 1000) }, START), { end: 'ready', person: NGOZI });
  assert.equal((await person(NGOZI))!.append, 'append-new');
});

test('only a PIN chosen just now opens a phone that is shared', async () => {
  const lines = new Map<string, string>();
  globalThis.localStorage = { getItem: (key: string) => lines.get(key) ?? null, setItem: (key: string, line: string) => void lines.set(key, line) } as unknown as Storage;
  const curtain = await curtainFor('274913', luck(1), 1000);
  await putPerson(aPerson({ pin: curtain }));
  await putPerson(aPerson({ id: 'kofi', name: 'Kofi', pin: curtain }));
  await enrol(testDeps(server(enrolment)), '/api/v1/devices', 'csrf', null);
  assert.equal((await whoIsHere(START)).who, null);
  await enrol(testDeps(server(enrolment)), '/api/v1/devices', 'csrf', curtain);
  assert.equal((await whoIsHere(START)).who?.id, NGOZI);
});

test('without signal, with another server or a strange answer nobody is put on the phone', async () => {
  const offline = testDeps(() => Promise.reject(new TypeError('no line')));
  assert.deepEqual(await enrol(offline, '/api/v1/devices', 'csrf', null), { end: 'no-signal' });
  assert.deepEqual(await enrol(testDeps(server({ error: {} }, 403)), '/api/v1/devices', 'csrf', null), { end: 'trouble' });
  assert.deepEqual(await enrol(testDeps(server({ ...enrolment, append: '' })), '/api/v1/devices', 'csrf', null), { end: 'trouble' });
  await setValue('server', 'server-2');
  assert.deepEqual(await enrol(testDeps(server(enrolment)), '/api/v1/devices', 'csrf', null), { end: 'no-signal' });
  assert.deepEqual(await people(), []);
});

const asksNothing = testDeps(() => { throw new Error('asked'); });

test('an enrolment that came with the page after the PIN asks nothing, and sets the clock by that page', async (context) => {
  const curtain = await curtainFor('274913', luck(1), 1000);
  context.mock.method(performance, 'getEntriesByType', () => [{ requestStart: 100, responseStart: 500 }]);
  const now = new Date(START + 10_300).toISOString();
  assert.deepEqual(await takeFromPage(asksNothing, JSON.stringify(enrolment), now, curtain), { end: 'ready', person: NGOZI });
  const row = (await person(NGOZI))!;
  assert.deepEqual([row.dev, row.append, row.read, row.pin, await value('person'), await value('server')], ['dev-new', 'append-new', 'read-new', curtain, NGOZI, SERVER]);
  assert.deepEqual(await value('clockOffset'), { off: 10_000, at: START + 500 });
});

test('what is new stands in that page too, and nothing is asked for it', async () => {
  await takeFromPage(asksNothing, JSON.stringify(enrolment), new Date(START).toISOString(), await curtainFor('274913', luck(1), 1000));
  const snapshot = { person: enrolment.person, provider: { ...enrolment.provider, contact: 'Priya' }, assignments: [{ module: 'falls', due: null, assigned_at: '' }], results: [], modules: {} };
  const falls = { key: 'falls', edition: 1, sha: '1'.repeat(64), title: 'Falls', summary: '', minutes: 3, bytes: 900, topic: 'safe', pack: 'core', lang: 'en' };
  const news = { proto: 1, server: SERVER, here: 'a.b.c', library: '00000000', state: snapshot, about: { glossary: null, topics: [], withdrawn: [] }, own: { 0: [falls] } };
  await firstFetch(asksNothing, NGOZI, JSON.stringify(news));
  assert.deepEqual([(await state(NGOZI, 'catalogue'))!.modules.map(({ key, assigned }) => [key, assigned]), (await person(NGOZI))!.provider, (await person(NGOZI))!.contact], [[['falls', true]], enrolment.provider, 'Priya']);
});

test('an enrolment in a page of another server, or not whole, puts nobody on the phone', async () => {
  const curtain = await curtainFor('274913', luck(1), 1000);
  const now = new Date(START).toISOString();
  await setValue('server', 'server-2');
  assert.equal(await takeFromPage(asksNothing, JSON.stringify(enrolment), now, curtain), null);
  await setValue('server', SERVER);
  assert.equal(await takeFromPage(asksNothing, JSON.stringify({ ...enrolment, read: '' }), now, curtain), null);
  assert.deepEqual([await people(), await value('person')], [[], undefined]);
});

test('a browser that stores nothing is said so before any phone is enrolled', async () => {
  const asked = seen.length;
  globalThis.indexedDB = { open: () => { throw new DOMException('private', 'SecurityError'); } } as unknown as IDBFactory;
  assert.deepEqual(await enrol(testDeps(server(enrolment)), '/api/v1/devices', 'csrf', null), { end: 'no-storage' });
  assert.equal(seen.length, asked);
  assert.deepEqual(await takeFromPage(asksNothing, JSON.stringify(enrolment), '', await curtainFor('274913', luck(1), 1000)), { end: 'no-storage' });
});
