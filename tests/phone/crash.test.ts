/** The phone may be killed between any two steps. Here it is killed at each of them in turn. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeAll } from '../../service_worker/store/open.ts';
import { ghosts, keep, records, saveDraft, draft } from '../../service_worker/store/person.ts';
import { person } from '../../service_worker/store/phone.ts';
import { download } from '../../service_worker/sync/download.ts';
import { sendAll } from '../../service_worker/sync/send.ts';
import { setState } from '../../service_worker/store/person.ts';
import { editions } from '../../service_worker/store/editions.ts';
import { start } from '../../service_worker/core/attempt.ts';
import { NGOZI, START, Shelf, anEdition, joinedPhone, keepSome, readLesson, stamp, testDeps, type TestDeps } from './support/phone.ts';
import { FakeServer } from './support/server.ts';

class Killed extends Error {
  override readonly name = 'Killed';
}

/** Run `work`, killed at the `step`-th thing it asks of the outside or of a database. Returns whether it was killed. */
async function killedAt(step: number, deps: TestDeps, work: (deps: TestDeps) => Promise<unknown>): Promise<boolean> {
  let count = 0;
  const tick = (): void => {
    count += 1;
    if (count === step) throw new Killed();
  };
  const mortal = { ...deps };
  for (const name of ['fetch', 'sha256', 'random', 'now', 'room'] as const) {
    const real = deps[name] as (...given: unknown[]) => unknown;
    (mortal as { [name: string]: unknown })[name] = (...given: unknown[]) => {
      tick();
      return real(...given);
    };
  }
  // Both sides of a reply: killed after the server stored, before the phone knew.
  mortal.fetch = async (address, init) => {
    tick();
    const answer = await deps.fetch(address, init);
    tick();
    return answer;
  };
  const real = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...given: Parameters<typeof real>) {
    tick();
    return real.apply(this, given);
  } as typeof real;
  try {
    await work(mortal);
    return false;
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    return true;
  } finally {
    IDBDatabase.prototype.transaction = real;
    closeAll();
  }
}

test('killed at any step of sending, every record still arrives exactly once', async () => {
  let steps = 0;
  for (let step = 1; ; step += 1) {
    await joinedPhone();
    const server = new FakeServer();
    const deps = testDeps(server.fetch);
    const kept = await keepSome(3);
    const killed = await killedAt(step, deps, (mortal) => sendAll(mortal));
    const mine = await records(NGOZI);
    assert.equal(mine.length, 3, `step ${step}`);
    assert.ok(mine.every((record) => record.st !== 'receipted' || server.log.has(record.id)), `step ${step}: a receipt without a record`);
    await sendAll(deps, { force: true });
    assert.deepEqual([...server.log.keys()].sort(), kept.map((record) => record.id).sort(), `step ${step}`);
    assert.ok((await records(NGOZI)).every((record) => record.st === 'receipted'), `step ${step}`);
    if (!killed) break;
    steps = step;
  }
  assert.ok(steps > 10, `only ${steps} steps were seen`);
});

test('killed at any step of refilling a restored server, nothing is lost', async () => {
  for (let step = 1; ; step += 1) {
    await joinedPhone();
    const server = new FakeServer();
    const deps = testDeps(server.fetch);
    await keepSome(4);
    await sendAll(deps);
    const [lost] = [...server.log.keys()];
    const other = { ...server.log.get(lost!)!, id: 'unknown-here', seq: 77 };
    server.log.delete(lost!);
    server.log.set(other.id, other);
    const killed = await killedAt(step, deps, (mortal) => sendAll(mortal, { force: true }));
    await sendAll(deps, { force: true });
    await sendAll(deps, { force: true });
    assert.equal(server.log.size, 5, `step ${step}`);
    assert.deepEqual((await ghosts(NGOZI)).map((ghost) => ghost.id), ['unknown-here'], `step ${step}`);
    if (!killed) break;
  }
});

test('killed at any step of taking a new phone id, the phone ends with a working one', async () => {
  for (let step = 1; ; step += 1) {
    await joinedPhone();
    const server = new FakeServer();
    const deps = testDeps(server.fetch);
    const [first] = await keepSome(1);
    server.log.set('by-the-clone', { ...first!, id: 'by-the-clone' });
    const killed = await killedAt(step, deps, (mortal) => sendAll(mortal));
    await sendAll(deps, { force: true });
    await keepSome(1, NGOZI, stamp(START + 1));
    await sendAll(deps, { force: true });
    assert.ok((await records(NGOZI)).every((record) => record.st === 'receipted' && server.log.has(record.id)), `step ${step}`);
    assert.ok(server.tokens.has((await person(NGOZI))!.append!), `step ${step}`);
    if (!killed) break;
  }
});

test('killed at any step of keeping, there is a record or a draft, never neither and never both', async () => {
  for (let step = 1; ; step += 1) {
    await joinedPhone();
    const deps = testDeps(() => new Response());
    const going = start(anEdition('falls'), 'a'.repeat(64), stamp());
    await saveDraft(NGOZI, going);
    const killed = await killedAt(step, deps, () => keep(NGOZI, [readLesson(stamp())], { finishes: going }));
    const found = [(await records(NGOZI)).length, (await draft(NGOZI, 'falls')) ? 1 : 0];
    assert.ok(String(found) === '1,0' || (killed && String(found) === '0,1'), `step ${step}: ${String(found)}`);
    if (!killed) break;
  }
});

test('killed at any step of a download, no module is called complete that is not, and the next run finishes it', async () => {
  for (let step = 1; ; step += 1) {
    await joinedPhone();
    const shelf = new Shelf();
    const stairs = shelf.picture('stairs');
    const old = shelf.offer('falls', { files: [stairs] });
    const deps = testDeps(shelf.serve);
    await setState(NGOZI, { catalogue: shelf.catalogue() });
    await download(deps, NGOZI);
    const newer = shelf.offer('falls', { edition: 2, files: [stairs, shelf.picture('rug')] });
    await setState(NGOZI, { catalogue: shelf.catalogue() });
    const killed = await killedAt(step, deps, (mortal) => download(mortal, NGOZI));
    const rows = await editions();
    assert.ok(rows.some((row) => row.complete), `step ${step}: the module has vanished`);
    for (const row of rows.filter((one) => one.complete)) {
      assert.ok(deps.caches.addresses('editions').includes(`/e/${row.sha}`), `step ${step}`);
      for (const file of row.media) assert.ok(deps.caches.addresses('media').includes(`/m/${file}`), `step ${step}`);
    }
    await download(deps, NGOZI);
    assert.deepEqual((await editions()).map((row) => [row.sha, row.complete]), [[newer, true]], `step ${step}`);
    assert.ok(!deps.caches.addresses('editions').includes(`/e/${old}`), `step ${step}`);
    if (!killed) break;
  }
});
