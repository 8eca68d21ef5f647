/** Leaving a phone: what would be lost is said first, and only one person's things go. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { start } from '../../service_worker/core/attempt.ts';
import { takeOff } from '../../service_worker/page/take-off.ts';
import { WORD, stakeLines } from '../../service_worker/page/places/leave.ts';
import { isOpen, left, open } from '../../service_worker/page/opened.ts';
import { editions } from '../../service_worker/store/editions.ts';
import { exportWaiting } from '../../service_worker/store/leaving.ts';
import { atStake } from '../../service_worker/store/removing.ts';
import { changeRecords, drafts, keep, records, saveDraft, setState } from '../../service_worker/store/person.ts';
import { people, person } from '../../service_worker/store/phone.ts';
import { download } from '../../service_worker/sync/download.ts';
import { fetchState } from '../../service_worker/sync/fetch-state.ts';
import { sendAll } from '../../service_worker/sync/send.ts';
import { NGOZI, SERVER, START, Shelf, aPerson, anEdition, joinedPhone, keepSome, stamp, testDeps } from './support/phone.ts';
import { FakeServer, reply } from './support/server.ts';

const KOFI = 'person-tom';
const pin = { salt: 's', hash: 'h', iterations: 1 };
const none = { unsent: 0, held: 0, refused: 0, drafts: 0, notes: 0 };
const databases = async (): Promise<string[]> => (await indexedDB.databases()).map((one) => one.name!).filter((name) => name.startsWith('person-')).sort();

beforeEach(() => joinedPhone(aPerson({ pin }), aPerson({ id: KOFI, name: 'Kofi', dev: 'dev-k', append: 'append-tom', pin })));

test('everything that would be lost is said, each kind once', async () => {
  assert.deepEqual(stakeLines(none), []);
  assert.deepEqual(stakeLines({ unsent: 3, refused: 1, held: 2, drafts: 1, notes: 1 }), ['3 waiting to send.', '1 not sent.', '2 sent, for somebody to look at.', '1 lesson begun. Finish it to send the answers.', '1 note for yourself, never sent.']);
  assert.deepEqual(stakeLines({ ...none, drafts: 2, notes: 2 }), ['2 lessons begun. Finish them to send the answers.', '2 notes for yourself, never sent.']);
});

test('what is at stake is counted from what is stored', async () => {
  const [one, two] = await keepSome(3);
  await keep(NGOZI, [], { notes: [{ module: 'falls', question: 'q', text: 'mine', at: new Date(START).toISOString() }] });
  await changeRecords(NGOZI, [one!.id], (record) => ({ ...record, st: 'refused', r: 'refused' }));
  await changeRecords(NGOZI, [two!.id], (record) => ({ ...record, st: 'receipted', r: 'held' }));
  await saveDraft(NGOZI, start(anEdition('falls'), 'a'.repeat(64), stamp()));
  assert.deepEqual(await atStake(NGOZI), { unsent: 1, refused: 1, held: 1, drafts: 1, notes: 1 });
});

test('without the word nothing unsent goes', async () => {
  await keepSome(2);
  assert.equal(await takeOff(testDeps(() => Promise.reject(new TypeError())), aPerson(), false), false);
  assert.equal((await records(NGOZI)).length, 2);
  assert.equal((await people()).length, 2);
  assert.match(WORD, /^[A-Z]+$/);
});

test('once it is sent, her things go, and those of the other stay', async () => {
  const server = new FakeServer();
  const deps = testDeps(server.fetch);
  await keepSome(2);
  await keepSome(1, KOFI);
  await sendAll(deps, { person: NGOZI });
  assert.equal(await takeOff(deps, aPerson(), false), true);
  assert.deepEqual([await databases(), (await people()).map((one) => one.id)], [[`person-${KOFI}`], [KOFI]]);
  assert.deepEqual([(await records(KOFI)).length, (await exportWaiting(KOFI, null, START)).records.length], [1, 1]);
  await sendAll(deps);
  assert.deepEqual(server.requests.filter(({ path }) => path === 'devices/end').map(({ token }) => token), ['append-ngozi']);
  assert.deepEqual(server.batches.map((batch) => batch.person), [NGOZI, KOFI]);
});

test('whoever is left alone is asked for their PIN as before', async () => {
  await takeOff(testDeps(() => new Response('', { status: 404 })), aPerson(), false);
  const kofi = (await person(KOFI))!;
  assert.deepEqual([kofi.ask, isOpen([kofi], KOFI, START)], [true, false]);
});

test('lessons stay for the other, and what only she was asked to do may leave a full phone', async () => {
  const shelf = new Shelf();
  shelf.offer('falls');
  shelf.offer('stroke');
  const deps = testDeps(shelf.serve);
  const mine = shelf.catalogue();
  const his = { ...mine, modules: mine.modules.map((module) => ({ ...module, assigned: module.key === 'falls' })) };
  await setState(NGOZI, { catalogue: mine });
  await setState(KOFI, { catalogue: his });
  await download(deps, NGOZI);
  assert.equal((await editions()).filter((row) => row.pinned).length, 2);
  await takeOff(deps, aPerson(), false);
  assert.deepEqual((await editions()).map((row) => [row.module, row.pinned]).sort(), [['falls', true], ['stroke', false]]);
});

test('other tabs hear of a leaving also where nothing was noted', () => {
  const told: string[] = [];
  globalThis.localStorage = { getItem: () => null, setItem: (key: string) => void told.push(`set ${key}`), removeItem: (key: string) => void told.push(`gone ${key}`) } as unknown as Storage;
  left();
  assert.deepEqual(told, ['set bv-open', 'gone bv-open']);
  open('x', 1);
});

test('what arrives for somebody who was just taken off brings nothing of hers back', async () => {
  const server = new FakeServer();
  let answered = (): void => undefined;
  const slow = new Promise<void>((resolve) => (answered = resolve));
  server.trouble = async ({ path }) => {
    if (path !== 'state') return undefined;
    await slow;
    return reply({ proto: 1, server: SERVER, person: { id: NGOZI, name: 'Ngozi' }, results: [], modules: {} });
  };
  const deps = testDeps(server.fetch);
  const fetching = fetchState(deps, NGOZI);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await takeOff(deps, aPerson(), true);
  answered();
  await fetching.catch(() => undefined);
  // A page of hers that is being left saves what was typed last.
  await saveDraft(NGOZI, start(anEdition('falls'), 'a'.repeat(64), stamp())).catch(() => undefined);
  assert.equal((await databases()).includes(`person-${NGOZI}`), false);
});

test('what another tab keeps during a removal is never said to be saved and then lost', async () => {
  const deps = testDeps(() => new Response('', { status: 404 }));
  for (let turns = 0; turns < 40; turns += 1) {
    await joinedPhone(aPerson({ pin }), aPerson({ id: KOFI, name: 'Kofi', dev: 'dev-k', append: 'append-tom', pin }));
    const keeping = (async (): Promise<number> => {
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      await new Promise((resolve) => setTimeout(resolve, turns % 8));
      return (await keepSome(1)).length;
    })().catch(() => 0);
    const gone = await takeOff(deps, aPerson(), false);
    const kept = await keeping;
    if (kept) assert.deepEqual([gone, (await records(NGOZI)).length], [false, 1], `turn ${turns}`);
    if (gone) assert.equal((await databases()).includes(`person-${NGOZI}`), false, `turn ${turns}`);
  }
});

test('a go begun in another tab after she was told that nothing would be lost is not lost', async () => {
  const deps = testDeps(() => new Response('', { status: 404 }));
  await saveDraft(NGOZI, start(anEdition('falls'), 'a'.repeat(64), stamp()));
  assert.equal(await takeOff(deps, aPerson(), false), false);
  assert.deepEqual([(await person(NGOZI))?.id, (await drafts(NGOZI)).length], [NGOZI, 1]);
});

test('she is told that she is off also where tidying up after her fails', async () => {
  const deps = testDeps(() => new Response('', { status: 404 }), { caches: { open: () => Promise.reject(new DOMException('broken', 'UnknownError')) } as unknown as CacheStorage });
  assert.equal(await takeOff(deps, aPerson(), false), true);
  assert.equal(await person(NGOZI), undefined);
});
