/** Storage that says nothing: reading and answering never wait for it for ever, and nothing is called saved that is not. */
import { happens } from './support/window.ts';
import assert from 'node:assert/strict';
import { beforeEach, test, type TestContext } from 'node:test';
import { start } from '../../service_worker/core/attempt.ts';
import { NotSaved, access, begin, done } from '../../service_worker/store/open.ts';
import { draft, keep, records, saveDraft, schemaOf } from '../../service_worker/store/person.ts';
import { NGOZI, anEdition, joinedPhone, readLesson, silentDatabase, stamp } from './support/phone.ts';

const going = (part = 1) => ({ ...start(anEdition('falls'), 'a'.repeat(64), stamp()), part });

beforeEach(() => joinedPhone());

/** Let what is ready happen. fake-indexeddb goes by setImmediate, which stays real. */
async function settle(turns = 40): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Let `times` × 4 silent seconds pass. */
async function silence(context: TestContext, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await settle();
    context.mock.timers.tick(4000);
  }
  await settle();
}

/** Another page's connection. */
const opened = (): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(schemaOf(NGOZI).name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Another page's transaction on the drafts that never ends, as WebKit keeps them of pages that were left. Ends it. */
async function held(): Promise<() => void> {
  const database = await opened();
  let over = false;
  const store = database.transaction(['drafts'], 'readonly').objectStore('drafts');
  const again = (): void => {
    if (!over) store.count().onsuccess = again;
  };
  again();
  return () => {
    over = true;
    database.close();
  };
}

test('a connection that says nothing is dropped with what it had begun, and the work is done on a new one', async (context) => {
  await saveDraft(NGOZI, going());
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const used: unknown[] = [];
  let ended = '';
  const work = access(schemaOf(NGOZI), async (database) => {
    used.push(database);
    if (used.length > 1) return 'done';
    const transaction = begin(database, ['drafts'], 'readwrite');
    transaction.onabort = () => (ended = 'aborted');
    const again = async (): Promise<never> => done(transaction.objectStore('drafts').count()).then(again);
    return again();
  });
  await silence(context, 1);
  assert.equal(await work, 'done');
  assert.notEqual(used[0], used[1]);
  assert.equal(ended, 'aborted');
});

test('a draft another page holds up is "not saved" after a while, never half of it, and is saved once the way is free', async (context) => {
  await saveDraft(NGOZI, going(1));
  const release = await held();
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const saving = assert.rejects(saveDraft(NGOZI, going(2)), (error) => error instanceof NotSaved && error.why === 'storage');
  await silence(context, 3);
  await saving;
  release();
  await settle();
  assert.equal((await draft(NGOZI, 'falls'))?.part, 1, 'what was called not saved does not come later');
  await saveDraft(NGOZI, going(3));
  assert.equal((await draft(NGOZI, 'falls'))?.part, 3);
});

test('a database that never opens is an error after a while, and not for ever', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  context.after(silentDatabase());
  const asking = assert.rejects(access({ name: 'another', steps: [] }, async () => 1), NotSaved);
  await silence(context, 3);
  await asking;
});

test('many at once on a connection that dies are all done on the next one', async () => {
  await access(schemaOf(NGOZI), async (database) => database.close());
  const all = await Promise.all(Array.from({ length: 12 }, (_, index) => keep(NGOZI, [readLesson(stamp(), `lesson-${index}`)])));
  assert.equal(all.length, 12);
  assert.equal((await records(NGOZI)).length, 12);
});

test('a page that is left leaves no transaction behind, and goes on where it was when it comes back', async () => {
  await saveDraft(NGOZI, going(1));
  let tries = 0;
  const work = access(schemaOf(NGOZI), async (database) => {
    tries += 1;
    if (tries > 1) return 'done';
    const store = begin(database, ['drafts']).objectStore('drafts');
    const again = async (): Promise<never> => done(store.count()).then(again);
    return again();
  });
  await settle();
  happens('pagehide');
  // The next page: its write gets through, and the page that was left touches nothing meanwhile.
  const next = await opened();
  const store = next.transaction('drafts', 'readwrite').objectStore('drafts');
  const written = new Promise((resolve) => (store.transaction.oncomplete = resolve));
  store.put(going(2));
  await written;
  next.close();
  await settle();
  assert.equal(tries, 1);
  happens('pageshow');
  assert.equal(await work, 'done');
  assert.equal((await draft(NGOZI, 'falls'))?.part, 2);
});
