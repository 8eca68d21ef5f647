import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { records, waiting } from '../../service_worker/store/person.ts';
import { changePerson } from '../../service_worker/store/phone.ts';
import { sendAll } from '../../service_worker/sync/send.ts';
import { NGOZI, START, aPerson, fakeLocks, joinedPhone, keepSome, stamp, testDeps } from './support/phone.ts';
import { FakeServer, errorReply } from './support/server.ts';

let server: FakeServer;
const tom = aPerson({ id: 'person-tom', name: 'Tom', dev: 'dev-tom', append: 'append-tom', read: 'read-tom' });

beforeEach(async () => {
  await joinedPhone(aPerson(), tom);
  server = new FakeServer();
});

test('while one tab sends, another tab or the worker leaves it to it', async () => {
  const locks = fakeLocks();
  await keepSome(120);
  const [one, other] = await Promise.all([sendAll(testDeps(server.fetch, { locks })), sendAll(testDeps(server.fetch, { locks }))]);
  assert.deepEqual([one.ran, other.ran], [true, false]);
  assert.equal(server.batches.length, 3);
});

test('the lock is free again after a run that went wrong', async () => {
  const locks = fakeLocks();
  const deps = testDeps(server.fetch, {
    locks,
    random: () => {
      throw new Error('broken');
    },
  });
  await keepSome(1);
  await assert.rejects(sendAll(deps), /broken/);
  const report = await sendAll(testDeps(server.fetch, { locks }));
  assert.equal(report.ran, true);
});

test('a second call on the same page does not send beside the first', async () => {
  const deps = testDeps(server.fetch, { locks: null });
  await keepSome(3);
  const [one, other] = await Promise.all([sendAll(deps), sendAll(deps)]);
  assert.deepEqual([one.ran, other.ran], [true, false]);
});

test('two tabs without Web Locks may send twice, and every record is stored once', async () => {
  await keepSome(150);
  await Promise.all([sendAll(testDeps(server.fetch, { locks: null })), sendAll(testDeps(server.fetch, { locks: null }))]);
  assert.equal(server.log.size, 150);
  assert.ok((await records(NGOZI)).every((record) => record.st === 'receipted'));
});

test('an old reply that comes after a newer one takes nothing back', async () => {
  await keepSome(2);
  let release: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => (release = resolve));
  const late = testDeps(async (address, init) => {
    const answer = await server.fetch(address, init);
    await slow;
    return answer;
  }, { locks: null });
  const first = sendAll(late);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await keepSome(1, NGOZI, stamp(START + 1));
  await sendAll(testDeps(server.fetch, { locks: null }), { force: true });
  release();
  await first;
  await sendAll(testDeps(server.fetch), { force: true });
  assert.equal(server.log.size, 3);
  assert.ok((await records(NGOZI)).every((record) => record.st === 'receipted'));
});

test('each person is sent with their own token, and never with another\'s', async () => {
  await keepSome(2);
  await keepSome(3, tom.id);
  await sendAll(testDeps(server.fetch));
  assert.deepEqual(
    server.requests.map((request) => [request.token, request.batch!.person, request.batch!.records.length]),
    [['append-ngozi', NGOZI, 2], ['append-tom', tom.id, 3]],
  );
});

test('one person whose sign-in ended does not stop the other', async () => {
  await changePerson(NGOZI, { append: 'revoked' });
  await keepSome(1);
  await keepSome(1, tom.id);
  await sendAll(testDeps(server.fetch));
  assert.equal((await waiting(NGOZI)).length, 1);
  assert.equal((await waiting(tom.id)).length, 0);
});

test('one person made to wait does not make the other wait', async () => {
  await keepSome(1);
  await keepSome(1, tom.id);
  server.trouble = (request) => (request.token === 'append-ngozi' ? errorReply(429, 'busy', { 'retry-after': '60' }) : undefined);
  const report = await sendAll(testDeps(server.fetch));
  assert.deepEqual(report.people.map((one) => one.end), ['busy', 'done']);
});
