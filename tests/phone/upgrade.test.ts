/**
 * Every database ever released is opened by today's code and keeps what it holds.
 *
 * A release that changes a schema adds a step in store/ and a file `schemas/<database>-<version>.json` with the database
 * as that release makes it; the tests below then cover it by themselves, and fail while it is missing.
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { beforeEach, test } from 'node:test';
import { NotSaved, access, closeAll, readAll, type Schema } from '../../service_worker/store/open.ts';
import { keep, records, schemaOf } from '../../service_worker/store/person.ts';
import { schema as phoneSchema } from '../../service_worker/store/phone.ts';
import { sendAll } from '../../service_worker/sync/send.ts';
import { NGOZI, joinedPhone, keepSome, newPhone, readLesson, stamp, testDeps } from './support/phone.ts';
import { build, done, type Released } from './support/released.ts';
import { FakeServer } from './support/server.ts';

const folder = 'tests/phone/schemas';
const files = readdirSync(folder).filter((name) => name.endsWith('.json')).sort();
const released = new Map(files.map((name) => [name, JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Released]));
const todays = (name: string): Schema => (name === 'phone' ? phoneSchema : schemaOf(NGOZI));

/** Connections of a database that nobody closed, as the fake storage counts them. */
function openConnections(name: string): number {
  const { _databases } = indexedDB as unknown as { _databases: Map<string, { connections: { _closed: boolean }[] }> };
  return _databases.get(name)!.connections.filter((connection) => !connection._closed).length;
}

beforeEach(() => newPhone());

for (const [file, old] of released) {
  test(`the database of ${file} keeps every row when today's code opens it`, async () => {
    if (old.name !== 'phone') await joinedPhone();
    await build(old);
    await access(todays(old.name), async (database) => {
      assert.equal(database.version, todays(old.name).steps.length);
      for (const [store, { keyPath, rows }] of Object.entries(old.stores)) {
        const expected = keyPath === null ? rows.map((row) => (row as unknown[])[0]) : rows;
        const found = await done(database.transaction(store).objectStore(store).getAll());
        for (const row of expected) assert.ok(found.some((one) => JSON.stringify(one) === JSON.stringify(row)), `${store} lost a row`);
      }
    });
  });
}

for (const schema of [phoneSchema, schemaOf(NGOZI)]) {
  test(`what a new phone makes of ${schema.name} is what its newest released file says`, async () => {
    const newest = [...released.values()].filter((one) => one.name === schema.name).sort((one, other) => other.version - one.version)[0]!;
    assert.equal(newest.version, schema.steps.length, 'a step was added: add its file to tests/phone/schemas');
    if (schema !== phoneSchema) await joinedPhone();
    const made = await access(schema, async (database) => {
      const transaction = database.transaction([...database.objectStoreNames]);
      return Object.fromEntries(
        [...database.objectStoreNames].map((name) => {
          const store = transaction.objectStore(name);
          return [name, { keyPath: store.keyPath, indexes: Object.fromEntries([...store.indexNames].map((index) => [index, store.index(index).keyPath])) }];
        }),
      );
    });
    const told = Object.fromEntries(Object.entries(newest.stores).sort().map(([name, { keyPath, indexes }]) => [name, { keyPath, indexes }]));
    assert.deepEqual(made, told);
  });
}

test('a record kept by last version is sent by this one', async () => {
  for (const old of released.values()) await build(old);
  const server = new FakeServer();
  await sendAll(testDeps(server.fetch));
  assert.ok(server.log.has('019af3c2-7d50-7000-8000-000000000001'));
});

test('an upgrade that fails half way leaves the old version running, and its records can be kept and read', async () => {
  await joinedPhone();
  await keepSome(2);
  closeAll();
  const { name, steps } = schemaOf(NGOZI);
  const broken: Schema = { name, steps: [...steps, (database) => { database.createObjectStore('new'); throw new Error('step 2 is broken'); }] };
  const found = await access(broken, async (database) => [database.version, database.objectStoreNames.contains('new'), (await done(database.transaction('records').objectStore('records').getAll())).length]);
  assert.deepEqual(found, [1, false, 2]);
  await keep(NGOZI, [readLesson(stamp())]);
  assert.equal((await records(NGOZI)).length, 3);
});

test('a first upgrade that fails makes no empty database that would stay broken', async () => {
  const broken: Schema = { name: 'fresh', steps: [() => { throw new Error('broken'); }] };
  await assert.rejects(readAll(broken, 'records'), NotSaved);
  assert.deepEqual((await indexedDB.databases()).map((one) => one.name), []);
  const mended: Schema = { name: 'fresh', steps: [(database) => { database.createObjectStore('records'); }] };
  assert.deepEqual(await readAll(mended, 'records'), []);
});

test('a database of a newer release still takes records after going back to this one', async () => {
  await joinedPhone();
  await keepSome(1);
  closeAll();
  const { name, steps } = schemaOf(NGOZI);
  await access({ name, steps: [...steps, (database) => { database.createObjectStore('later'); }] }, async () => undefined);
  closeAll();
  await keep(NGOZI, [readLesson(stamp())]);
  assert.equal((await records(NGOZI)).length, 2);
});

test('an old tab of ours makes way for an upgrade by itself', async () => {
  await joinedPhone();
  await keepSome(1);
  const { name, steps } = schemaOf(NGOZI);
  // Not closed here: the open connection gets "versionchange" and closes itself.
  const second = await new Promise<number>((resolve, reject) => {
    const request = indexedDB.open(name, steps.length + 1);
    request.onsuccess = () => { const { version } = request.result; request.result.close(); resolve(version); };
    request.onblocked = () => reject(new Error('blocked'));
  });
  assert.equal(second, 2);
});

test('an upgrade held up by a foreign tab is told as such, and works once the tab is gone', async () => {
  await joinedPhone();
  await keepSome(1);
  closeAll();
  const { name, steps } = schemaOf(NGOZI);
  const foreign = await done(indexedDB.open(name, 1));
  const next: Schema = { name, steps: [...steps, (database) => { database.createObjectStore('later'); }] };
  await assert.rejects(readAll(next, 'records'), (error) => error instanceof NotSaved && error.why === 'blocked');
  foreign.close();
  await new Promise((resolve) => setTimeout(resolve, 50));
  // The connection that came too late was closed, so it does not hold up the next one in its turn.
  assert.equal(openConnections(name), 0);
  assert.equal(await access(next, async (database) => database.version), 2);
  closeAll();
});
