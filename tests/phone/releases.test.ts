/** Phones of every version ever released (tests/releases/) are opened by today's code, and send all they kept. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { beforeEach, test } from 'node:test';
import { endPage, partPage, shellFor, startPage } from '../../service_worker/core/compose.ts';
import type { Edition } from '../../service_worker/core/edition.ts';
import { mark } from '../../service_worker/core/marking.ts';
import type { Answer, Envelope } from '../../service_worker/core/records.ts';
import { inUse, editionsOf } from '../../service_worker/store/editions.ts';
import { access, done } from '../../service_worker/store/open.ts';
import { drafts, ghosts, lookBacks, notes, records, schemaOf, waiting } from '../../service_worker/store/person.ts';
import { people, schema as phoneSchema, setValue, type Person } from '../../service_worker/store/phone.ts';
import { sendAll } from '../../service_worker/sync/send.ts';
import { SERVER, newPhone, testDeps } from './support/phone.ts';
import { build, type Released } from './support/released.ts';
import { FakeServer } from './support/server.ts';

interface About {
  sha: string;
  person: Person;
  right: { [question: string]: Answer };
}

const folder = 'tests/releases';
const versions = readdirSync(folder).filter((name) => existsSync(`${folder}/${name}/release.json`));
const read = <T>(version: string, name: string): T => JSON.parse(readFileSync(`${folder}/${version}/${name}.json`, 'utf8')) as T;

beforeEach(() => newPhone());

test('releases are kept', () => assert.ok(versions.length > 0));

for (const version of versions) {
  const about = read<About>(version, 'release');
  const client = read<Released[]>(version, 'client');
  const kept = read<{ sent: Envelope[]; unsent: Envelope[] }>(version, 'records');
  const edition = read<Edition>(version, 'edition');
  const { id, append } = about.person;
  const ids = (list: readonly { id: string }[]): string[] => list.map((one) => one.id).sort();

  test(`a phone of ${version} keeps every row under today's code`, async () => {
    for (const one of client) await build(one);
    for (const one of client) {
      await access(one.name === 'phone' ? phoneSchema : schemaOf(id), async (database) => {
        for (const [store, { keyPath, rows }] of Object.entries(one.stores)) {
          assert.ok(rows.length > 0, `${store} was kept empty`);
          const found = (await done(database.transaction(store).objectStore(store).getAll())).map((row) => JSON.stringify(row));
          for (const row of rows) assert.ok(found.includes(JSON.stringify(keyPath === null ? (row as unknown[])[0] : row)), `${store} lost a row`);
        }
      });
    }
    assert.deepEqual(ids(await people()), [id]);
    assert.deepEqual(ids(await waiting(id)), ids(kept.unsent));
    assert.deepEqual(ids(await records(id)), ids([...kept.sent, ...kept.unsent]));
    const [running] = await drafts(id);
    assert.equal(running?.module, edition.key);
    assert.equal((await notes(id)).length, 1);
    assert.equal((await ghosts(id)).length, 1);
    assert.equal((await lookBacks(id)).length, Object.keys(about.right).length);
    assert.equal(inUse(await editionsOf(edition.key))?.sha, about.sha);
  });

  test(`what a phone of ${version} kept is sent by today's code, each once`, async () => {
    for (const one of client) await build(one);
    await setValue('server', SERVER);
    const server = new FakeServer();
    server.tokens = new Map([[append!, id]]);
    const deps = testDeps(server.fetch);
    deps.clock.now += 86_400_000;
    await sendAll(deps);
    assert.deepEqual(await waiting(id), []);
    // This server had nothing yet: so what an older one had receipted was sent to it again.
    assert.deepEqual([...server.log.keys()].sort(), ids([...kept.sent, ...kept.unsent]));
    for (const record of kept.unsent) assert.deepEqual(JSON.parse(JSON.stringify(server.log.get(record.id))), record);
  });

  test(`an edition of ${version} is shown and marked by today's code`, () => {
    const shell = '%%title%%|%%body%%|%%part%%';
    edition.parts.forEach((part, index) => {
      assert.ok(partPage(shell, edition, about.sha, index + 1)?.includes(`|${index + 1}`), part.title);
      assert.equal(shellFor(edition, index + 1), part.kind);
    });
    assert.ok(startPage(shell, edition, about.sha).startsWith(edition.title));
    assert.ok(endPage(shell, edition, about.sha).length > 0);
    const marked = mark(edition, Object.fromEntries(Object.entries(about.right).map(([question, answer]) => [question, [answer]])));
    const right = marked.questions.filter((one) => one.id in about.right);
    assert.equal(right.length, Object.keys(about.right).length);
    for (const one of right) assert.equal(one.first, 100, one.id);
  });
}
