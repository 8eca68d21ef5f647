import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { start } from '../../service_worker/core/attempt.ts';
import { NotSaved, access, closeAll } from '../../service_worker/store/open.ts';
import { exportWaiting } from '../../service_worker/store/leaving.ts';
import { atStake, removePerson } from '../../service_worker/store/removing.ts';
import { changeRecords, draft, drafts, ghosts, keep, lookBacks, notes, prune, records, saveDraft, schemaOf, setState, state, waiting } from '../../service_worker/store/person.ts';
import { changePerson, people, person, setValue, value } from '../../service_worker/store/phone.ts';
import { sendAll } from '../../service_worker/sync/send.ts';
import { NGOZI, START, aPerson, anEdition, joinedPhone, keepSome, readLesson, stamp, testDeps } from './support/phone.ts';
import { FakeServer } from './support/server.ts';

beforeEach(() => joinedPhone());

const DAY = 86_400_000;
const receipt = async (count: number, received: string): Promise<void> => {
  const kept = await keepSome(count);
  await changeRecords(NGOZI, kept.map((record) => record.id), (record) => ({ ...record, st: 'receipted', r: 'stored', received }));
};

/** Let the next `times` transactions of this kind fail as a dying connection does. */
function dying(times: number, name = 'InvalidStateError'): { left: () => number; stop: () => void } {
  const real = IDBDatabase.prototype.transaction;
  let left = times;
  IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...given: Parameters<typeof real>) {
    if (this.name.startsWith('person-') && (given[1] as string) !== 'versionchange' && left > 0) {
      left -= 1;
      throw new DOMException('The connection was killed', name);
    }
    return real.apply(this, given);
  } as typeof real;
  return { left: () => left, stop: () => { IDBDatabase.prototype.transaction = real; } };
}

test('records are numbered in the order they were kept', async () => {
  await keepSome(2);
  await keepSome(1, NGOZI, stamp(START + 1));
  assert.deepEqual((await records(NGOZI)).map((record) => [record.seq, record.dev, record.st]), [[1, 'dev-1', 'kept'], [2, 'dev-1', 'kept'], [3, 'dev-1', 'kept']]);
});

test('keeping the same record twice keeps it once, with its first number', async () => {
  const record = readLesson(stamp());
  const [first] = await keep(NGOZI, [record]);
  const [again] = await keep(NGOZI, [record]);
  assert.deepEqual(again, first);
  assert.equal((await records(NGOZI)).length, 1);
});

test('two tabs keeping at once never share a number', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, index) => keep(NGOZI, [readLesson(stamp(START + index))])));
  assert.equal(new Set((await records(NGOZI)).map((record) => record.seq)).size, 20);
});

test('records are written with strict durability', async () => {
  const asked: unknown[] = [];
  const real = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...given: Parameters<typeof real>) {
    if (this.name.startsWith('person-') && given[1] === 'readwrite') asked.push(given[2]);
    return real.apply(this, given);
  } as typeof real;
  await keep(NGOZI, [readLesson(stamp())]).finally(() => { IDBDatabase.prototype.transaction = real; });
  assert.deepEqual(asked, [{ durability: 'strict' }]);
});

test('record, draft, note and look back change together', async () => {
  const going = start(anEdition('falls'), 'a'.repeat(64), stamp());
  await saveDraft(NGOZI, going);
  const note = { module: 'falls', question: 'r', text: 'Mine.', at: '' };
  const item = { module: 'falls', question: 'q', step: 0, due: '' };
  await keep(NGOZI, [readLesson(stamp())], { finishes: going, notes: [note], lookBacks: [item] });
  assert.deepEqual([await drafts(NGOZI), await notes(NGOZI), await lookBacks(NGOZI), (await waiting(NGOZI)).length], [[], [note], [item], 1]);
});

test('when one part of keeping fails nothing of it stays', async () => {
  const going = start(anEdition('falls'), 'a'.repeat(64), stamp());
  await saveDraft(NGOZI, going);
  const broken = { module: 'falls', question: 'q', step: 0, due: '', uncloneable: () => 0 };
  await assert.rejects(keep(NGOZI, [readLesson(stamp())], { finishes: going, lookBacks: [broken] }));
  assert.deepEqual([(await records(NGOZI)).length, (await drafts(NGOZI)).length, await state(NGOZI, 'seq')], [0, 1, undefined]);
});

test('a go is finished once, also by two tabs without locks, and a newer go at the module is left alone', async () => {
  const going = start(anEdition('falls'), 'a'.repeat(64), stamp());
  await saveDraft(NGOZI, going);
  const record = readLesson(stamp());
  const [one, other] = await Promise.all([keep(NGOZI, [record], { finishes: going }), keep(NGOZI, [readLesson(stamp(START + 1))], { finishes: going })]);
  assert.deepEqual([one.length, other.length, (await records(NGOZI)).length], [1, 0, 1]);
  const newer = { ...going, attempt: 'newer' };
  await saveDraft(NGOZI, newer);
  assert.deepEqual(await keep(NGOZI, [record], { finishes: going }), one, 'the same work once more says what it said');
  assert.deepEqual([await draft(NGOZI, 'falls'), (await records(NGOZI)).length], [newer, 1]);
});

test('each person has records of their own', async () => {
  await joinedPhone(aPerson(), aPerson({ id: 'person-tom', dev: 'dev-tom' }));
  await keepSome(2);
  assert.deepEqual([(await records(NGOZI)).length, (await records('person-tom')).length], [2, 0]);
});

test('nothing is kept for somebody who is not on this phone', async () => {
  await assert.rejects(keep('nobody', [readLesson(stamp())]), NotSaved);
});

for (const [times, name] of [[1, 'InvalidStateError'], [2, 'UnknownError'], [2, 'AbortError']] as const) {
  test(`a connection that dies ${times} times with ${name} is opened again, and the record is kept`, async () => {
    const trouble = dying(times, name);
    await keep(NGOZI, [readLesson(stamp())]).finally(trouble.stop);
    assert.deepEqual([trouble.left(), (await records(NGOZI)).length], [0, 1]);
  });
}

test('after three failures keeping says that nothing was saved', async () => {
  const trouble = dying(3);
  await assert.rejects(keep(NGOZI, [readLesson(stamp())]).finally(trouble.stop), (error) => error instanceof NotSaved && error.why === 'storage');
  assert.equal(trouble.left(), 0);
  assert.equal((await records(NGOZI)).length, 0);
});

test('a storage that is dead for ever is tried three times and not for ever', async () => {
  const trouble = dying(1000);
  await assert.rejects(saveDraft(NGOZI, start(anEdition('falls'), 'a', stamp())).finally(trouble.stop), NotSaved);
  assert.equal(trouble.left(), 997);
});

test('a connection the browser ended is not used again', async () => {
  await keepSome(1);
  await access(schemaOf(NGOZI), async (database) => database.close());
  await keepSome(1, NGOZI, stamp(START + 1));
  assert.equal((await records(NGOZI)).length, 2);
});

test('an error that has nothing to do with the connection is not tried again', async () => {
  let tries = 0;
  await assert.rejects(access(schemaOf(NGOZI), async () => { tries += 1; throw new TypeError('a mistake'); }), TypeError);
  assert.equal(tries, 1);
});

test('without IndexedDB keeping says that nothing was saved', async () => {
  closeAll();
  const real = globalThis.indexedDB;
  Reflect.deleteProperty(globalThis, 'indexedDB');
  try {
    await assert.rejects(keep(NGOZI, [readLesson(stamp())]), (error) => error instanceof NotSaved && error.why === 'storage');
  } finally {
    globalThis.indexedDB = real;
  }
});

test('on a full phone room is made once and the record is kept', async () => {
  const trouble = dying(1, 'QuotaExceededError');
  let made = 0;
  await keep(NGOZI, [readLesson(stamp())], { makeRoom: async () => (made += 1) }).finally(trouble.stop);
  assert.deepEqual([made, (await records(NGOZI)).length], [1, 1]);
});

test('a phone found full only when the transaction ends is known as full', async () => {
  const real = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (this: IDBObjectStore, ...given: Parameters<typeof real>) {
    const request = real.apply(this, given);
    (this.transaction as unknown as { _abort(name: string): void })._abort('QuotaExceededError');
    return request;
  };
  await assert.rejects(
    keep(NGOZI, [readLesson(stamp())]).finally(() => { IDBObjectStore.prototype.add = real; }),
    (error) => error instanceof NotSaved && error.why === 'full',
  );
});

test('when room cannot be made the person is told that the phone is full', async () => {
  const trouble = dying(9, 'QuotaExceededError');
  let made = 0;
  await assert.rejects(
    keep(NGOZI, [readLesson(stamp())], { makeRoom: async () => (made += 1) }).finally(trouble.stop),
    (error) => error instanceof NotSaved && error.why === 'full',
  );
  assert.equal(made, 1);
});

test('a draft is found again as it was written, and only the latest', async () => {
  const begun = start(anEdition('falls'), 'a', stamp());
  await saveDraft(NGOZI, begun);
  await saveDraft(NGOZI, { ...begun, part: 4, choosing: { q: 'b' } });
  assert.deepEqual(await draft(NGOZI, 'falls'), { ...begun, part: 4, choosing: { q: 'b' } });
  await keep(NGOZI, [], { finishes: (await draft(NGOZI, 'falls'))! });
  assert.equal(await draft(NGOZI, 'falls'), undefined);
});

test('what waits is what has no receipt, refused ones included, oldest first', async () => {
  const kept = await keepSome(3);
  await changeRecords(NGOZI, [kept[0]!.id], (record) => ({ ...record, st: 'refused' }));
  await changeRecords(NGOZI, [kept[1]!.id], (record) => ({ ...record, st: 'receipted' }));
  assert.deepEqual((await waiting(NGOZI)).map((record) => record.seq), [1, 3]);
});

test('changing a record sees it as it is now, not as it was when the change was planned', async () => {
  const [record] = await keepSome(1);
  await changeRecords(NGOZI, [record!.id], (now) => ({ ...now, st: 'receipted' }));
  const changed = await changeRecords(NGOZI, [record!.id], (now) => (now.st === 'kept' ? { ...now, tries: 9 } : null));
  assert.deepEqual(changed, []);
});

test('receipted records stay for a year and then become ghosts', async () => {
  await receipt(2, new Date(START).toISOString());
  assert.equal(await prune(NGOZI, START + 364 * DAY), 0);
  assert.equal(await prune(NGOZI, START + 366 * DAY), 2);
  assert.deepEqual([(await records(NGOZI)).length, (await ghosts(NGOZI)).length], [0, 2]);
});

test('beyond the limit of bytes the oldest receipted records go first', async () => {
  await receipt(10, new Date(START).toISOString());
  const size = JSON.stringify((await records(NGOZI))[0]).length;
  await prune(NGOZI, START, size * 4 + 50);
  assert.deepEqual((await records(NGOZI)).map((record) => record.seq), [7, 8, 9, 10]);
});

test('what has no receipt is never pruned', async () => {
  await keepSome(3);
  assert.equal(await prune(NGOZI, START + 9000 * DAY, 1), 0);
  assert.equal((await waiting(NGOZI)).length, 3);
});

test('the digest is the same before and after pruning', async () => {
  const server = new FakeServer();
  const deps = testDeps(server.fetch);
  await keepSome(5);
  await sendAll(deps);
  await prune(NGOZI, START + 400 * DAY);
  await sendAll(deps, { force: true });
  assert.equal(server.batches.at(-1)!.held.n, 5);
  assert.deepEqual((await records(NGOZI)).length, 0);
});

test('a saved copy holds what the server has not, drafts too, and no secret', async () => {
  await changePerson(NGOZI, { pin: { salt: 'the-salt', hash: 'the-hash', iterations: 1 } });
  const kept = await keepSome(3);
  await changeRecords(NGOZI, [kept[0]!.id], (record) => ({ ...record, st: 'receipted', r: 'stored' }));
  await changeRecords(NGOZI, [kept[1]!.id], (record) => ({ ...record, st: 'receipted', r: 'held' }));
  await saveDraft(NGOZI, start(anEdition('falls'), 'a', stamp()));
  const copy = await exportWaiting(NGOZI, 'server-1', START);
  assert.deepEqual(copy.records.map((record) => record.id), [kept[1]!.id, kept[2]!.id]);
  assert.deepEqual([copy.format, copy.person, copy.made, copy.drafts.length], ['between-visits-records', { id: NGOZI, name: 'Ngozi' }, '2026-11-22T09:00:00.000Z', 1]);
  for (const secret of ['append-ngozi', 'read-ngozi', 'the-salt', 'the-hash']) assert.ok(!JSON.stringify(copy).includes(secret));
});

test('a person with something unsent is not removed, and the screen is told what is at stake', async () => {
  const kept = await keepSome(3);
  await changeRecords(NGOZI, [kept[0]!.id], (record) => ({ ...record, st: 'refused', r: 'refused' }));
  await changeRecords(NGOZI, [kept[1]!.id], (record) => ({ ...record, st: 'receipted', r: 'held' }));
  assert.deepEqual(await removePerson(NGOZI), { unsent: 1, held: 1, refused: 1, drafts: 0, notes: 0 });
  assert.deepEqual([(await people()).length, (await records(NGOZI)).length], [1, 3]);
});

test('a person with nothing unsent leaves no trace on the phone', async () => {
  await receipt(2, new Date(START).toISOString());
  assert.equal(await removePerson(NGOZI), null);
  assert.deepEqual([await person(NGOZI), (await indexedDB.databases()).map((one) => one.name)], [undefined, ['phone']]);
});

test('a person who typed the word is removed with all that is unsent, and nobody else is', async () => {
  await joinedPhone(aPerson(), aPerson({ id: 'person-tom', dev: 'dev-tom' }));
  await keepSome(1);
  await keepSome(1, 'person-tom');
  assert.equal(await removePerson(NGOZI, true), null);
  assert.equal((await records('person-tom')).length, 1);
  assert.deepEqual(await atStake('person-tom'), { unsent: 1, held: 0, refused: 0, drafts: 0, notes: 0 });
});

test('changing a person changes nothing else of them', async () => {
  await changePerson(NGOZI, { paused: 'sign-in' });
  assert.deepEqual(await person(NGOZI), { ...aPerson(), paused: 'sign-in' });
  await changePerson('nobody', { name: 'X' });
  assert.equal((await people()).length, 1);
});

test('settings and state are found again, and can be taken away', async () => {
  await setValue('settings', { textSize: 150, wifiOnly: true });
  await setState(NGOZI, { 'etag:state': 'w/1', seq: 4 });
  await setState(NGOZI, { 'etag:state': undefined });
  assert.deepEqual([await value('settings'), await state(NGOZI, 'etag:state'), await state(NGOZI, 'seq')], [{ textSize: 150, wifiOnly: true }, undefined, 4]);
});
