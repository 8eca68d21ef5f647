import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { ghosts, records, state } from '../../service_worker/store/person.ts';
import { person } from '../../service_worker/store/phone.ts';
import { sendAll } from '../../service_worker/sync/send.ts';
import { NGOZI, SERVER, START, joinedPhone, keepSome, stamp, testDeps, type TestDeps } from './support/phone.ts';
import { FakeServer, errorReply, portal } from './support/server.ts';

let server: FakeServer;
let deps: TestDeps;

beforeEach(async () => {
  await joinedPhone();
  server = new FakeServer();
  deps = testDeps(server.fetch);
});

test('a server restored from an old backup is refilled by the next batch', async () => {
  await keepSome(120);
  await sendAll(deps);
  for (const id of [...server.log.keys()].slice(60)) server.log.delete(id);
  await keepSome(1, NGOZI, stamp(START + 1000));
  await sendAll(deps);
  assert.equal(server.log.size, 121);
  assert.ok((await records(NGOZI)).every((record) => record.st === 'receipted'));
});

test('a restored server is noticed within the hour even when there is nothing to send', async () => {
  await keepSome(5);
  await sendAll(deps);
  server.log.clear();
  deps.clock.now += 30 * 60_000;
  await sendAll(deps);
  assert.equal(server.log.size, 0);
  deps.clock.now += 31 * 60_000;
  await sendAll(deps);
  assert.equal(server.log.size, 5);
});

test('a server that loses what it is sent over and over does not keep the phone busy', async () => {
  await keepSome(5);
  await sendAll(deps);
  server.log.clear();
  server.tamper = (given) => ({ ...given, have: [] });
  const before = server.batches.length;
  await sendAll(deps, { force: true });
  assert.ok(server.batches.length - before <= 3);
});

test('a server that forgets each batch as soon as it has the next is not sent the same for ever in one run', async () => {
  await keepSome(120);
  await sendAll(deps);
  server.log.clear();
  server.tamper = (given) => ({ ...given, have: given.receipts.map((receipt) => receipt.id) });
  const before = server.batches.length;
  server.trouble = () => (server.batches.length - before > 20 ? portal() : undefined);
  const report = await sendAll(deps, { force: true });
  assert.equal(report.people[0]!.end, 'done');
  assert.equal(server.batches.length - before, 4);
});

test('a list made before the batch was stored sends nothing round again', async () => {
  await keepSome(3);
  server.tamper = (given) => ({ ...given, have: [] });
  await sendAll(deps);
  assert.ok((await records(NGOZI)).every((record) => record.st === 'receipted'));
  assert.equal(server.batches.length, 1);
});

test('what the server has of this phone and the phone has not is noted, and the digest agrees from then on', async () => {
  const kept = await keepSome(1);
  const { st, tries, next, since, r, code, received, ...sent } = kept[0]!;
  assert.deepEqual([st, tries, next, since, r, code, received], ['kept', 0, 0, null, null, null, null]);
  server.log.set('lost-here', { ...sent, id: 'lost-here', seq: 99 });
  await sendAll(deps);
  assert.deepEqual(await ghosts(NGOZI), [{ dev: 'dev-1', id: 'lost-here' }]);
  let asked: unknown = 'none';
  server.tamper = (given) => ((asked = given.have), given);
  await sendAll(deps, { force: true });
  assert.equal(asked, undefined);
});

test('a ghost the server has lost too is forgotten', async () => {
  const kept = await keepSome(1);
  server.log.set('lost-here', { ...kept[0]!, id: 'lost-here', seq: 99 });
  await sendAll(deps);
  server.log.delete('lost-here');
  await sendAll(deps, { force: true });
  assert.deepEqual(await ghosts(NGOZI), []);
});

test('a phone told that it is a clone takes a new id, and new records carry it', async () => {
  const kept = await keepSome(1);
  server.log.set('by-the-clone', { ...kept[0]!, id: 'by-the-clone' });
  await sendAll(deps);
  const now = (await person(NGOZI))!;
  assert.deepEqual([now.dev, now.append], ['dev-2', 'append-ngozi-2']);
  assert.equal((await keepSome(1, NGOZI, stamp(START + 1)))[0]!.dev, 'dev-2');
});

test('records made under the old id are still sent, in a batch of their own', async () => {
  const kept = await keepSome(60);
  server.log.set('by-the-clone', { ...kept[0]!, id: 'by-the-clone' });
  server.trouble = (request) => (request.batch && server.batches.length > 1 ? portal() : undefined);
  await sendAll(deps);
  server.trouble = () => undefined;
  await keepSome(2, NGOZI, stamp(START + 1));
  await sendAll(deps, { force: true });
  assert.equal(server.log.size, 63);
  assert.ok(server.batches.every((batch) => batch.records.every((record) => record.dev === batch.dev)));
});

test('the digest of a batch speaks of the records of that phone id only', async () => {
  const kept = await keepSome(1);
  server.log.set('by-the-clone', { ...kept[0]!, id: 'by-the-clone' });
  await sendAll(deps);
  await keepSome(1, NGOZI, stamp(START + 1));
  await sendAll(deps, { force: true });
  await sendAll(deps, { force: true });
  const last = server.batches.slice(-2).map((batch) => [batch.dev, batch.held.n]);
  assert.deepEqual(last, [['dev-1', 2], ['dev-2', 1]]);
});

test('a new id that could not be fetched is asked for at the next run', async () => {
  const kept = await keepSome(1);
  server.log.set('by-the-clone', { ...kept[0]!, id: 'by-the-clone' });
  server.trouble = (request) => (request.path.startsWith('devices/rotate') ? portal() : undefined);
  await sendAll(deps);
  assert.equal(await state(NGOZI, 'rotate'), 'dev-1');
  server.trouble = () => undefined;
  await sendAll(deps, { force: true });
  assert.equal((await person(NGOZI))!.dev, 'dev-2');
  assert.equal(await state(NGOZI, 'rotate'), undefined);
});

test('the new id that was meant for a clone is not taken, and one of a server that repeats nothing is', async () => {
  const kept = await keepSome(1);
  server.log.set('by-the-clone', { ...kept[0]!, id: 'by-the-clone' });
  const answer = (more: object): Response => Response.json({ proto: 1, server: SERVER, dev: 'dev-of-a-clone', append: 'append-of-a-clone', ...more }, { status: 201 });
  server.trouble = (request) => (request.path.startsWith('devices/rotate') ? answer({ n: 'another' }) : undefined);
  await sendAll(deps);
  assert.deepEqual([(await person(NGOZI))!.dev, await state(NGOZI, 'rotate')], ['dev-1', 'dev-1']);
  server.trouble = (request) => (request.path.startsWith('devices/rotate') ? answer({}) : undefined);
  await sendAll(deps, { force: true });
  assert.deepEqual([(await person(NGOZI))!.dev, await state(NGOZI, 'rotate')], ['dev-of-a-clone', undefined]);
});

test('a new id the server refuses leaves the old one in use', async () => {
  const kept = await keepSome(2);
  server.log.set('by-the-clone', { ...kept[0]!, id: 'by-the-clone' });
  server.trouble = (request) => (request.path.startsWith('devices/rotate') ? errorReply(503) : undefined);
  await sendAll(deps);
  assert.equal((await person(NGOZI))!.dev, 'dev-1');
  assert.ok((await records(NGOZI)).every((record) => record.st === 'receipted'));
});
