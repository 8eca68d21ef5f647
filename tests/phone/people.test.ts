/** Several people, one phone: who may see their things, the PIN on the phone, and whose token sends what. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { currentPerson } from '../../service_worker/page/go.ts';
import { gather } from '../../service_worker/page/facts.ts';
import { IDLE, isOpen, open, shut, whoIsHere } from '../../service_worker/page/opened.ts';
import { curtainFor } from '../../service_worker/page/pin-curtain.ts';
import { readsNoMore } from '../../service_worker/page/sign-in-words.ts';
import { tryPin } from '../../service_worker/page/try-pin.ts';
import { called } from '../../service_worker/page/who.ts';
import { closeAll } from '../../service_worker/store/open.ts';
import { waiting } from '../../service_worker/store/person.ts';
import { LEFT, asks, changePerson, person, setValue } from '../../service_worker/store/phone.ts';
import { fetchState } from '../../service_worker/sync/fetch-state.ts';
import { sendAll } from '../../service_worker/sync/send.ts';
import { NGOZI, START, aPerson, joinedPhone, keepSome, luck, testDeps } from './support/phone.ts';
import { FakeServer, errorReply } from './support/server.ts';

const KOFI = 'person-tom';
const MINUTE = 60_000;
const curtain = await curtainFor('280417', luck(1), 1000);
const ngozi = aPerson({ pin: curtain });
const kofi = aPerson({ id: KOFI, name: 'Kofi Mensah', dev: 'dev-k', append: 'append-tom', read: 'read-tom', pin: curtain });

const lines = new Map<string, string>();
globalThis.localStorage = { getItem: (key: string) => lines.get(key) ?? null, setItem: (key: string, line: string) => void lines.set(key, line), removeItem: (key: string) => void lines.delete(key) } as unknown as Storage;

beforeEach(() => lines.clear());

const shared = async (): Promise<ReturnType<typeof testDeps>> => {
  await joinedPhone(ngozi, kofi);
  await setValue('person', NGOZI);
  return testDeps(new FakeServer().fetch);
};

test('somebody alone goes straight in, unless she asked for her PIN', async () => {
  assert.equal(isOpen([ngozi], NGOZI, START), true);
  assert.equal(isOpen([{ ...ngozi, ask: true }], NGOZI, START), false);
  // Asking for a PIN that is not on this phone would shut her out for good.
  assert.equal(asks([{ ...ngozi, ask: true, pin: null }]), false);
});

test('a phone two people share shows nobody anything until one of them opens it', async () => {
  const deps = await shared();
  assert.equal(await currentPerson(deps), null);
  assert.equal(await gather(deps), null);
  open(NGOZI, START);
  assert.equal((await currentPerson(deps))?.id, NGOZI);
  assert.equal((await gather(deps))?.person.id, NGOZI);
  shut();
  assert.equal(await gather(deps), null);
});

test('opened for one, it is not open for the other', async () => {
  const deps = await shared();
  open(KOFI, START);
  assert.equal(await currentPerson(deps), null);
  await setValue('person', KOFI);
  assert.equal((await currentPerson(deps))?.id, KOFI);
});

test('ten minutes without a touch shut it, and so does a clock that jumps', () => {
  const all = [ngozi, kofi];
  open(NGOZI, START);
  const at = (later: number): boolean => isOpen(all, NGOZI, START + later);
  assert.deepEqual([at(0), at(IDLE - 1), at(IDLE), at(-30_000), at(-MINUTE), at(-365 * 86_400_000), at(365 * 86_400_000)], [true, true, false, true, false, false, false]);
});

test('what is no line of ours opens nothing', () => {
  for (const line of ['', NGOZI, `${NGOZI} never`, ` ${START}`]) {
    lines.set('bv-open', line);
    assert.equal(isOpen([ngozi, kofi], NGOZI, START), false, line);
  }
});

test('where the browser gives no memory, a shared phone stays shut and a lone one open', () => {
  const real = globalThis.localStorage;
  globalThis.localStorage = { getItem() { throw new DOMException('no', 'SecurityError'); }, setItem() { throw new DOMException('no', 'SecurityError'); } } as unknown as Storage;
  open(NGOZI, START);
  assert.deepEqual([isOpen([ngozi, kofi], NGOZI, START), isOpen([ngozi], NGOZI, START)], [false, true]);
  globalThis.localStorage = real;
});

test('when the person here was taken off, nobody is here; whoever is left alone is', async () => {
  await joinedPhone(kofi);
  await setValue('person', NGOZI);
  assert.equal((await whoIsHere(START)).who?.id, KOFI);
  await joinedPhone(kofi, aPerson({ id: 'third' }));
  await setValue('person', NGOZI);
  assert.deepEqual([(await whoIsHere(START)).who, (await whoIsHere(START)).last], [null, null]);
});

test('the right PIN opens, a wrong one says how many tries are left', async () => {
  const deps = await shared();
  assert.equal(await tryPin(deps, ngozi, '111222'), 'That PIN does not match. You have 4 more tries. Forgot it? Ask Priya for a new code.');
  assert.match((await tryPin(deps, ngozi, '111222'))!, /You have 3 more tries\./);
  await tryPin(deps, ngozi, '111222');
  assert.match((await tryPin(deps, ngozi, '111222'))!, /You have 1 more try\./);
  assert.equal(await tryPin(deps, ngozi, '280417'), null);
  assert.match((await tryPin(deps, ngozi, '111222'))!, /You have 4 more tries\./);
});

test('after five wrong tries the wait grows, and outlives a restart', async () => {
  const deps = await shared();
  const waits: (string | undefined)[] = [];
  for (let tries = 0; tries < 12; tries += 1) {
    const words = (await tryPin(deps, ngozi, '111222'))!;
    const minutes = /Wait (\d+) minute/.exec(words)?.[1];
    waits.push(minutes);
    closeAll();
    if (!minutes) continue;
    assert.match((await tryPin(deps, ngozi, '280417'))!, /^Too many tries\. Wait \d+ minutes?, then try again\. Forgot it\? Ask Priya for a new code\.$/);
    deps.clock.now += Number(minutes) * MINUTE;
  }
  assert.deepEqual(waits, [undefined, undefined, undefined, undefined, '1', '2', '4', '8', '16', '32', '60', '60']);
  assert.equal(await tryPin(deps, ngozi, '280417'), null);
  assert.equal(await tryPin(deps, kofi, '280417'), null);
});

test('a clock set back begins the wait anew and never makes it longer', async () => {
  const deps = await shared();
  await changePerson(NGOZI, { wrong: { n: 6, at: START } });
  deps.clock.now = START - 400 * 86_400_000;
  assert.match((await tryPin(deps, ngozi, '280417'))!, /Wait 2 minutes,/);
  deps.clock.now += 2 * MINUTE;
  assert.equal(await tryPin(deps, ngozi, '280417'), null);
});

test('a try is counted before the PIN is looked at', async () => {
  const deps = await shared();
  const trying = tryPin(deps, ngozi, '111222');
  let counted = 0;
  while (!counted) counted = (await person(NGOZI))!.wrong?.n ?? 0;
  assert.equal(counted, 1);
  await trying;
});

test('tries made in many tabs at once are all counted', async () => {
  const deps = await shared();
  const said = await Promise.all(Array.from({ length: 9 }, () => tryPin(deps, ngozi, '111222')));
  assert.equal((await person(NGOZI))!.wrong?.n, 5);
  assert.equal(said.filter((words) => words!.startsWith('Too many tries.')).length, 4);
});

test('a phone that cannot count any more still opens for the right PIN', async () => {
  const deps = await shared();
  const real = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
  try {
    assert.deepEqual([await tryPin(deps, ngozi, '280417'), (await tryPin(deps, ngozi, '111222')) !== null], [null, true]);
  } finally {
    IDBObjectStore.prototype.put = real;
  }
});

test('what waits of one is sent with her own token while another uses the phone', async () => {
  await joinedPhone(ngozi, kofi);
  const server = new FakeServer();
  await keepSome(3);
  await setValue('person', KOFI);
  open(KOFI, START);
  await keepSome(2, KOFI);
  const deps = testDeps(server.fetch);
  assert.equal((await currentPerson(deps))?.id, KOFI);
  await sendAll(deps);
  const sent = server.requests.flatMap(({ token, batch }) => (batch?.records.length ? [[token, batch.person, batch.dev, batch.records.length]] : []));
  assert.deepEqual(sent, [['append-ngozi', NGOZI, 'dev-1', 3], ['append-tom', KOFI, 'dev-k', 2]]);
  assert.deepEqual([(await waiting(NGOZI)).length, (await waiting(KOFI)).length], [0, 0]);
});

test('sending goes on while the phone is shut', async () => {
  const deps = await shared();
  await keepSome(2);
  assert.equal(await currentPerson(deps), null);
  const report = await sendAll(deps);
  assert.deepEqual(report.people.map((one) => one.sent), [2, 0]);
});

test('somebody who left is told so, no PIN is asked for, and what waits is still sent', async () => {
  await joinedPhone(aPerson());
  const server = new FakeServer();
  server.trouble = ({ path }) => (path === 'state' ? errorReply(403, 'place-ended') : undefined);
  await keepSome(2);
  const deps = testDeps(server.fetch);
  assert.equal(await fetchState(deps, NGOZI), 'sign-in');
  const row = (await person(NGOZI))!;
  assert.deepEqual([row.refused, readsNoMore(row), row.left], [LEFT, false, 'place-ended']);
  await sendAll(deps);
  assert.equal((await waiting(NGOZI)).length, 0);
});

test('a name on the door is enough to know oneself by, and no more', () => {
  assert.deepEqual(['Ngozi Okafor', 'Ọlá', ' Mary  Jane van der Berg '].map((name) => called({ name })), ['Ngozi O.', 'Ọlá', 'Mary B.']);
});
