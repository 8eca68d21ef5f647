/** One person, two places, one phone: a row, a database and tokens for each; one PIN, one entry at the door. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Snapshot } from '../../service_worker/core/api.ts';
import { firstFetch, rowFor } from '../../service_worker/page/enrol.ts';
import { enrol } from '../../service_worker/page/enrol-by-cookie.ts';
import { gatherAll } from '../../service_worker/page/facts.ts';
import { add, candidates } from '../../service_worker/page/join-offer.ts';
import { isOpen, open, whoIsHere } from '../../service_worker/page/opened.ts';
import { curtainFor } from '../../service_worker/page/pin-curtain.ts';
import { opens, tryPin } from '../../service_worker/page/try-pin.ts';
import { linesOf } from '../../service_worker/page/places/leave.ts';
import { passedElsewhere, safetyWaits, todoWords } from '../../service_worker/page/places/words.ts';
import { signIn } from '../../service_worker/page/sign-in.ts';
import { takeOff } from '../../service_worker/page/take-off.ts';
import { exportWaiting } from '../../service_worker/store/leaving.ts';
import { NotSaved } from '../../service_worker/store/open.ts';
import { records, setState, state, waiting } from '../../service_worker/store/person.ts';
import { LEFT, asks, byPerson, changePerson, people, person, placesOf, putPerson, setValue, value, type Person } from '../../service_worker/store/phone.ts';
import { fetchState } from '../../service_worker/sync/fetch-state.ts';
import { sendAll } from '../../service_worker/sync/send.ts';
import { NGOZI, SERVER, START, Shelf, aPerson, joinedPhone, keepSome, luck, testDeps, type Handler } from './support/phone.ts';
import { FakeServer, errorReply, portal, reply } from './support/server.ts';

const PIN = '280417';
const curtain = await curtainFor(PIN, luck(1), 1000);
const BOTH = `${NGOZI}~thistle`;
const bramble = aPerson({ pin: curtain, lastUsed: START - 1 });
const thistle = aPerson({ id: BOTH, uuid: NGOZI, provider: { id: 'thistle', name: 'Thistle Care' }, contact: 'Sam', dev: 'dev-2', append: 'append-thistle', read: 'read-thistle', pin: curtain });
const kofi = aPerson({ id: 'person-tom', name: 'Kofi Mensah', dev: 'dev-k', append: 'append-tom', read: 'read-tom', pin: curtain });
const enrolment = { proto: 1, server: SERVER, dev: 'dev-2', append: 'append-thistle', read: 'read-thistle', person: { id: NGOZI, name: 'Ngozi' }, provider: { id: 'thistle', name: 'Thistle Care' } };

const lines = new Map<string, string>();
globalThis.localStorage = { getItem: (key: string) => lines.get(key) ?? null, setItem: (key: string, line: string) => void lines.set(key, line), removeItem: (key: string) => void lines.delete(key) } as unknown as Storage;

let server: FakeServer;
beforeEach(async () => {
  lines.clear();
  server = new FakeServer();
  server.tokens.set('append-thistle', NGOZI);
  await joinedPhone(bramble, thistle);
  await setValue('person', NGOZI);
});

const ids = async (): Promise<string[]> => (await people()).map((one) => one.id).sort();

test('two places of one person are one person, and a phone hers alone asks nobody for a PIN', async () => {
  const all = await people();
  assert.deepEqual(byPerson(all).map((places) => places.map(({ id }) => id)), [[NGOZI, BOTH]]);
  assert.deepEqual((await placesOf(thistle)).map(({ id }) => id), [BOTH, NGOZI], 'the place one is at stands first');
  assert.deepEqual([asks(all), asks([...all, kofi]), isOpen(all, BOTH, START)], [false, true, true]);
});

test('when the place one was at is taken off, one is at the other', async () => {
  await setValue('person', 'gone');
  assert.equal((await whoIsHere(START)).who?.name, 'Ngozi');
});

test('on a shared phone whoever opened one place may go to the other without a PIN', async () => {
  await putPerson(kofi);
  open(NGOZI, START);
  assert.equal((await whoIsHere(START)).who?.id, NGOZI);
  // What "Go to Thistle Care" does.
  await setValue('person', BOTH);
  open(BOTH, START);
  assert.equal((await whoIsHere(START)).who?.id, BOTH);
  assert.equal(isOpen(await people(), kofi.id, START), false);
});

test('each place sends its own with its own token, under the one name the server knows', async () => {
  await keepSome(3);
  await keepSome(2, BOTH);
  await sendAll(testDeps(server.fetch));
  const sent = server.requests.flatMap(({ token, batch }) => (batch?.records.length ? [[token, batch.person, batch.dev, batch.records.length]] : []));
  assert.deepEqual(sent, [['append-ngozi', NGOZI, 'dev-1', 3], ['append-thistle', NGOZI, 'dev-2', 2]]);
  assert.deepEqual([(await waiting(NGOZI)).length, (await waiting(BOTH)).length], [0, 0]);
  assert.ok(server.batches.every((batch) => !JSON.stringify(batch).includes('~')));
});

test('a sign-in that ended at one place holds up nothing at the other', async () => {
  server.tokens.delete('append-thistle');
  await keepSome(1);
  await keepSome(1, BOTH);
  const report = await sendAll(testDeps(server.fetch));
  assert.deepEqual(report.people.map(({ person: id, end }) => [id, end]), [[NGOZI, 'done'], [BOTH, 'paused']]);
  assert.deepEqual([(await person(NGOZI))!.paused ?? null, (await person(BOTH))!.paused], [null, 'sign-in']);
});

test('a cloned phone gets a new id at the place that asks for one', async () => {
  let first = true;
  server.tamper = (made, { batch }) => {
    if (batch!.dev !== 'dev-2' || !first) return made;
    first = false;
    return { ...made, rotate: true };
  };
  server.devs = 7;
  await keepSome(1, BOTH);
  await sendAll(testDeps(server.fetch));
  const asked = server.requests.find(({ path }) => path.startsWith('devices/rotate'))!;
  assert.equal(JSON.parse(String(asked.init.body)).person, NGOZI);
  assert.deepEqual([(await person(BOTH))!.dev, (await person(NGOZI))!.dev], ['dev-8', 'dev-1']);
});

test('what the server tells of her at a place is kept at that place', async () => {
  server.trouble = ({ path, token }) => (path === 'state' ? reply({ proto: 1, server: SERVER, person: { id: NGOZI, name: 'Ngozi' }, provider: { id: token }, results: [], modules: {} }) : undefined);
  const deps = testDeps(server.fetch);
  assert.deepEqual([await fetchState(deps, NGOZI), await fetchState(deps, BOTH)], ['new', 'new']);
  const told = await Promise.all([NGOZI, BOTH].map(async (id) => (await state(id, 'snapshot'))!.provider.id));
  assert.deepEqual(told, ['read-ngozi', 'read-thistle']);
});

test('what another person is told is not taken for hers', async () => {
  server.trouble = ({ path }) => (path === 'state' ? reply({ proto: 1, server: SERVER, person: { id: BOTH, name: 'Ngozi' }, results: [], modules: {} }) : undefined);
  assert.equal(await fetchState(testDeps(server.fetch), BOTH), 'no-answer');
});

test('wrong PINs count for the person, whichever place they were typed for', async () => {
  await putPerson(kofi);
  const deps = testDeps(server.fetch);
  await tryPin(deps, { id: NGOZI }, '111222');
  await tryPin(deps, { id: BOTH }, '111222');
  assert.match((await tryPin(deps, { id: NGOZI }, '111222'))!, /2 more tries/);
  assert.deepEqual((await people()).map(({ id, wrong }) => [id, wrong?.n ?? 0]), [[NGOZI, 3], [BOTH, 3], [kofi.id, 0]]);
  assert.equal(await tryPin(deps, { id: BOTH }, PIN), null);
  assert.equal((await person(NGOZI))!.wrong, null);
});

test('a new PIN and a passkey are those of all her places, tokens are not', async () => {
  const fresh = await curtainFor('613902', luck(2), 1000);
  await changePerson(BOTH, { pin: fresh, passkey: '2026-11-22', append: 'new' });
  assert.deepEqual((await people()).map(({ pin, passkey, append }) => [pin?.hash === fresh.hash, passkey, append]), [[true, '2026-11-22', 'append-ngozi'], [true, '2026-11-22', 'new']]);
  // What one place alone is about touches no other.
  await changePerson(NGOZI, { paused: 'sign-in', lastUsed: START + 5 });
  assert.deepEqual([(await person(BOTH))!.paused, (await person(BOTH))!.lastUsed], [undefined, START]);
});

test('signing in again at one place takes over the PIN for all', async () => {
  server.trouble = ({ path }) => (path === 'sign-in' ? reply({ proto: 1, server: SERVER, person: NGOZI, dev: 'dev-2', append: 'a2', read: 'r2' }) : undefined);
  assert.deepEqual(await signIn(testDeps(server.fetch), BOTH, '613902'), { end: 'ready' });
  assert.equal(JSON.parse(String(server.requests[0]!.init.body)).person, NGOZI);
  const [one, other] = await people();
  assert.deepEqual([await opens(one!.pin!, '613902'), one!.append, other!.append], [true, 'append-ngozi', 'a2']);
});

test('a place that ended sends what waits after a sign-in, and never becomes a second row of the other place', async () => {
  server.tokens.delete('append-thistle');
  await keepSome(2, BOTH);
  await changePerson(BOTH, { paused: 'sign-in', refused: 'read-thistle' });
  server.trouble = ({ path }) => {
    if (path !== 'sign-in') return undefined;
    server.tokens.set('a2', NGOZI);
    // Her place at Thistle has ended: the server gives a phone id of the one she has.
    return reply({ proto: 1, server: SERVER, person: NGOZI, dev: 'dev-of-bramble', append: 'a2', read: 'r2' });
  };
  const deps = testDeps(server.fetch);
  assert.deepEqual(await signIn(deps, BOTH, PIN), { end: 'ready' });
  const { provider: asked } = JSON.parse(String(server.requests.find(({ path }) => path === 'sign-in')!.init.body)) as { provider: string };
  assert.equal(asked, 'thistle');
  await sendAll(deps);
  await firstFetch(deps, BOTH);
  const row = (await person(BOTH))!;
  assert.deepEqual([row.provider.name, row.dev, row.append, row.read, row.refused, row.paused], ['Thistle Care', 'dev-2', 'a2', null, LEFT, null]);
  assert.equal((await waiting(BOTH)).length, 0);
  assert.ok(server.requests.every(({ token }) => token !== 'r2'), 'nothing of Bramble is read into the place that ended');
});

test('whose only place has ended is at the one the server names, as before', async () => {
  await joinedPhone({ ...bramble, paused: 'sign-in' });
  server.trouble = ({ path }) => (path === 'sign-in' ? reply({ proto: 1, server: SERVER, person: NGOZI, dev: 'dev-9', append: 'a2', read: 'r2' }) : undefined);
  await signIn(testDeps(server.fetch), NGOZI, PIN);
  const row = (await person(NGOZI))!;
  assert.deepEqual([row.dev, row.read, row.refused ?? null], ['dev-9', 'r2', null]);
});

test('a new place is a row of its own, the same place keeps its row, and so does one that ended', () => {
  const row = (all: Person[], provider: string): Person => rowFor(all, { ...enrolment, provider: { id: provider, name: provider } }, null, START);
  assert.deepEqual([row([], 'thistle').id, 'uuid' in row([], 'thistle')], [NGOZI, false]);
  assert.deepEqual([row([bramble], 'thistle').id, row([bramble], 'thistle').uuid], [BOTH, NGOZI]);
  assert.deepEqual([row([bramble, thistle], 'thistle').id, row([bramble, thistle], 'bramble').id], [BOTH, NGOZI]);
  // What she did there, and what of it still waits, is that provider's and hers, never the next one's.
  assert.equal(row([{ ...bramble, refused: LEFT }], 'thistle').id, BOTH);
  assert.equal(row([{ ...bramble, refused: LEFT }], 'bramble').id, NGOZI);
  // A row named after its provider never becomes another's, or a return would find its name taken.
  assert.equal(row([bramble, { ...thistle, refused: LEFT }], 'clover').id, `${NGOZI}~clover`);
  assert.equal(row([thistle], 'bramble').id, NGOZI);
  assert.equal(row([kofi, bramble], 'thistle').pin, bramble.pin);
  // Nothing of one provider's is told as another's.
  assert.equal(row([bramble], 'thistle').contact, null);
});

test('a PIN shown for a place leaves the passkey alone, and a new one ends it', () => {
  const finger = { ...bramble, passkey: '2026-05-01' };
  const shown = rowFor([finger], { ...enrolment, passkey: '2026-05-01' }, curtain, START);
  const fresh = rowFor([finger], enrolment, curtain, START);
  assert.deepEqual([shown.passkey, fresh.passkey], ['2026-05-01', null]);
});

test('enrolling at a second place leaves the first one as it is', async () => {
  await joinedPhone(bramble);
  await keepSome(2);
  const handler: Handler = (address) => (address.startsWith('/api/v1/ping') ? reply({ proto: 1, server: SERVER, n: new URLSearchParams(address.split('?')[1]).get('n'), now: new Date(START).toISOString() }) : reply(enrolment, 201));
  assert.deepEqual(await enrol(testDeps(handler), '/api/v1/devices', 'csrf', curtain), { end: 'ready', person: BOTH });
  assert.deepEqual([await ids(), await value('person'), (await waiting(NGOZI)).length, (await person(NGOZI))!.append], [[NGOZI, BOTH], BOTH, 2, 'append-ngozi']);
});

test('all her places are gathered, this one first, each with what is its own', async () => {
  await keepSome(2);
  await keepSome(1, BOTH);
  await setValue('person', BOTH);
  const all = await gatherAll(testDeps(server.fetch));
  assert.deepEqual(all.map(({ person: { id }, records: own }) => [id, own.length]), [[BOTH, 1], [NGOZI, 2]]);
});

test('a place taken off leaves the other, and nobody is asked for a PIN because of it', async () => {
  await keepSome(1);
  assert.equal(await takeOff(testDeps(server.fetch), thistle, false), true);
  assert.deepEqual([await ids(), (await waiting(NGOZI)).length, (await person(NGOZI))!.ask ?? false], [[NGOZI], 1, false]);
  assert.deepEqual(server.requests.filter(({ path }) => path === 'devices/end').map(({ token }) => token), ['append-thistle']);
});

test('what somebody with two places would lose is said of each, and of one without names', () => {
  const none = { unsent: 0, held: 0, refused: 0, drafts: 0, notes: 0 };
  const both = [{ ...bramble, stake: { ...none, unsent: 2 } }, { ...thistle, stake: { ...none, notes: 1 } }];
  assert.deepEqual(linesOf(both, true), ['Bramble Home Care: 2 waiting to send.', 'Thistle Care: 1 note for yourself, never sent.']);
  assert.deepEqual(linesOf(both.slice(0, 1), false), ['2 waiting to send.']);
});

test('a saved copy of a place names the person as the server does, and holds that place alone', async () => {
  await keepSome(2);
  await keepSome(1, BOTH);
  const copy = await exportWaiting(BOTH, SERVER, START);
  assert.deepEqual([copy.person.id, copy.records.map(({ dev }) => dev)], [NGOZI, ['dev-2']]);
});

test('the card on Today says how much, and by when', () => {
  const shelf = new Shelf();
  shelf.offer('falls');
  shelf.offer('hands', { due: '2026-12-12' });
  const words = (due: string | null): string => todoWords(shelf.modules, (module) => (module.key === 'hands' ? due : null));
  assert.deepEqual([words('2026-12-12'), words(null), todoWords([], () => null)], ['2 to do, next by 12 December 2026.', '2 to do.', 'Nothing to do just now.']);
});

test('a message about safety at the other place is told until it is read', () => {
  const snapshot = { messages: [{ id: 'm', pinned: true }, { id: 'n', pinned: false }] } as unknown as Snapshot;
  const read = [{ data: { message: 'm' } }] as never;
  assert.deepEqual([safetyWaits({ snapshot, records: [] }), safetyWaits({ snapshot, records: read }), safetyWaits({ snapshot: undefined, records: [] })], [true, false, false]);
});

test('a module passed at the other place is told kindly, and only when this one asks for it', () => {
  const told = (asked: boolean, here: boolean, there: boolean, at: string | null = '2026-05-03T10:00:00Z'): string | null => passedElsewhere('Thistle Care', asked, here, 'Bramble Home Care', there, at);
  assert.equal(told(true, false, true), 'You passed this at Bramble Home Care on 3 May 2026. Thistle Care asks for it too: show them your record.');
  assert.equal(told(true, false, true, null), 'You passed this at Bramble Home Care. Thistle Care asks for it too: show them your record.');
  assert.deepEqual([told(false, false, true), told(true, true, true), told(true, false, false)], [null, null, null]);
});

// The offer at a code of another provider.

const INVITE = { code: 'ABCD2345', provider: 'Thistle Care', name: 'Ngozi O.' };
const wrong = (status: number, code: string, message = code): Response => reply({ proto: 1, server: SERVER, error: { code, message } }, status);

test('only people who are not there already are offered the place, whoever has the name first', () => {
  const named = { ...bramble, name: 'Ngozi Okafor' };
  const offered = (all: Person[]): string[] => candidates(all, INVITE).map(([one]) => one!.id);
  assert.deepEqual(offered([kofi, named]), [NGOZI, kofi.id]);
  assert.deepEqual(offered([kofi, named, thistle]), [kofi.id], 'she has a place there');
  assert.deepEqual(offered([named, { ...thistle, refused: LEFT }]), [NGOZI], 'her place there has ended');
  assert.deepEqual(offered([named, { ...thistle, paused: 'sign-in' }]), [NGOZI], 'the server may know nothing of it');
  assert.deepEqual(offered([{ ...thistle, refused: LEFT }]), [BOTH], 'she comes back');
  assert.deepEqual(offered([{ ...thistle, paused: 'sign-in' }]), [], 'hers alone, and the PIN may be forgotten');
  assert.deepEqual(offered([{ ...named, paused: 'erased' }]), []);
});

test('the place is added with her PIN: a row of its own, opened, and the code is sent once', async () => {
  await joinedPhone(aPerson({ pin: curtain, passkey: '2026-05-01' }));
  const asked: RequestInit[] = [];
  const done = await add(testDeps((address, init) => (assert.equal(address, '/api/v1/places'), asked.push(init), reply({ ...enrolment, passkey: '2026-05-01' }, 201))), bramble, INVITE, PIN, {});
  assert.equal(done.end, 'added');
  assert.deepEqual([asked.length, asked[0]!.credentials, JSON.parse(String(asked[0]!.body))], [1, 'omit', { proto: 1, code: 'ABCD2345', person: NGOZI, pin: PIN }]);
  const row = (await person(BOTH))!;
  assert.deepEqual([row.append, row.uuid, await opens(row.pin!, PIN), row.passkey, await value('person')], ['append-thistle', NGOZI, true, '2026-05-01', BOTH]);
  assert.ok(!JSON.stringify(await people()).includes(PIN));
});

test('what the server says of the PIN and of the code is said, and nothing is kept', async () => {
  await joinedPhone(bramble);
  for (const [given, end, words] of [
    [wrong(401, 'pin-wrong', 'That PIN does not match. You have 4 more tries. Forgot it? Ask your manager for a new code.'), 'mend', /Ask Priya for a new code/],
    [wrong(410, 'code-expired', 'This code has run out.'), 'later', /^This code has run out\.$/],
    [wrong(409, 'used-before', 'Somebody has begun to use this record.'), 'later', /^Somebody has begun/],
    [errorReply(429, 'throttled', { 'retry-after': '120' }), 'later', /Wait 2 minutes/],
    [portal(), 'later', /^No signal/],
    [reply({ ...enrolment, server: 'another' }, 201), 'later', /^No signal/],
    [reply({ ...enrolment, append: '' }, 201), 'later', /wrong at our end/],
    [reply({ ...enrolment, person: { id: 'somebody', name: 'Else' } }, 201), 'later', /wrong at our end/],
  ] as const) {
    const done = await add(testDeps(() => given), bramble, INVITE, PIN, {});
    assert.equal(done.end, end);
    assert.match((done as { words: string }).words, words);
    assert.deepEqual(await ids(), [NGOZI]);
  }
});

test('when the answer was lost and the code is used up, she is told what to do', async () => {
  await joinedPhone(bramble);
  const got = {};
  assert.match(((await add(testDeps(() => Promise.reject(new TypeError('no line'))), bramble, INVITE, PIN, got)) as { words: string }).words, /^No signal/);
  const then = (await add(testDeps(() => wrong(410, 'code-used', 'This code was used.')), bramble, INVITE, PIN, got)) as { words: string };
  assert.match(then.words, /It may have worked.*Ask Thistle Care for a new code/);
});

test('a phone too full to keep the place asks the server once, and keeps it when there is room', async () => {
  await joinedPhone(bramble);
  let asked = 0;
  const given = testDeps(() => (asked += 1, reply(enrolment, 201)));
  const got = {};
  const real = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
  await assert.rejects(add(given, bramble, INVITE, PIN, got), NotSaved);
  IDBObjectStore.prototype.put = real;
  assert.equal((await add(given, bramble, INVITE, PIN, got)).end, 'added');
  assert.deepEqual([asked, await ids()], [1, [NGOZI, BOTH]]);
});

test('a code of her own for a place she has had gives that place back its row', async () => {
  await changePerson(BOTH, { refused: LEFT });
  await keepSome(1, BOTH);
  const done = await add(testDeps(() => reply({ ...enrolment, dev: 'dev-9' }, 201)), bramble, INVITE, PIN, {});
  assert.equal(done.end, 'added');
  const row = (await person(BOTH))!;
  assert.deepEqual([await ids(), row.dev, row.refused, (await records(BOTH)).length], [[NGOZI, BOTH], 'dev-9', undefined, 1]);
});

test('a phone id given for another place takes that place’s name', async () => {
  await setState(BOTH, { snapshot: { provider: { id: 'clover', name: 'Clover', contact: 'Ada' } } as unknown as Snapshot });
  await firstFetch(testDeps(() => Promise.reject(new TypeError('no line'))), BOTH);
  const { provider, contact } = (await person(BOTH))!;
  assert.deepEqual([provider, contact], [{ id: 'clover', name: 'Clover' }, 'Ada']);
});
