/**
 * What a phone of this version holds, made by its own store code: `tools/keep_release.py` keeps it for later versions.
 * Reads who and what from standard input as JSON, writes `{databases, sent, unsent}` to standard output.
 */
import 'fake-indexeddb/auto';
import { readFileSync } from 'node:fs';
import { answer, choose, start, write } from '../../../service_worker/core/attempt.ts';
import type { Edition } from '../../../service_worker/core/edition.ts';
import { firstLookBack } from '../../../service_worker/core/ladder.ts';
import { envelope, newRecord, type Kept, type Stamp } from '../../../service_worker/core/records.ts';
import { putEdition } from '../../../service_worker/store/editions.ts';
import { closeAll } from '../../../service_worker/store/open.ts';
import { applyDifference, changeRecords, keep, saveDraft, setState } from '../../../service_worker/store/person.ts';
import { putPerson, setValue } from '../../../service_worker/store/phone.ts';

interface Given {
  server: string;
  now: string;
  person: { id: string; name: string; provider: { id: string; name: string }; contact: string; dev: string; append: string; read: string };
  edition: Edition;
  sha: string;
  bytes: number;
  right: { [question: string]: never };
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Everything IndexedDB holds, as tests/phone/schemas/ has it. */
async function dump(): Promise<unknown[]> {
  closeAll();
  const found = [];
  for (const { name } of (await indexedDB.databases()).sort((one, other) => one.name!.localeCompare(other.name!))) {
    const database = await done(indexedDB.open(name!));
    const stores: { [name: string]: unknown } = {};
    for (const each of database.objectStoreNames) {
      const store = database.transaction([each]).objectStore(each);
      const indexes = Object.fromEntries([...store.indexNames].map((index) => [index, store.index(index).keyPath]));
      const [rows, keys] = await Promise.all([done(store.getAll()), done(store.getAllKeys())]);
      stores[each] = { keyPath: store.keyPath, indexes, rows: store.keyPath === null ? rows.map((row, at) => [row, keys[at]]) : rows };
    }
    found.push({ name, version: database.version, stores });
    database.close();
  }
  return found;
}

const given = JSON.parse(readFileSync(0, 'utf8')) as Given;
const { edition, sha, person } = given;
const begun = Date.parse(given.now);
let minutes = 0;
const stamp = (): Stamp => {
  minutes += 1;
  return { now: begun + minutes * 60_000, mono: minutes * 60_000, off: 250, app: 'kept', lang: 'en', random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)) };
};
const about = { module: edition.key, edition_no: edition.edition };
const lesson = edition.parts.find((part) => part.kind === 'lesson')!;
const questions = Object.keys(given.right);

await setValue('server', given.server);
await setValue('clockOffset', { off: 250, at: begun });
await setValue('person', person.id);
await setValue('settings', { theme: 'dark', textSize: 125, aloud: true });
await putPerson({ ...person, pin: { salt: 'c2FsdA', hash: 'aGFzaA', iterations: 210_000 }, lastUsed: begun });
await putEdition(
  { sha, module: edition.key, edition: edition.edition, bytes: given.bytes, title: edition.title, minutes: edition.minutes, pinned: true, lastUsed: begun, media: [], complete: true, withdrawn: false },
  new Set(),
);

/** One of each kind that this version makes; the second time round they wait for signal. */
async function work(): Promise<Kept[]> {
  const attempt = start(edition, sha, stamp());
  const answers = Object.fromEntries(questions.map((question) => [question, [given.right[question]!]]));
  return keep(
    person.id,
    [
      newRecord(stamp(), 'lesson.read', sha, { ...about, lesson: lesson.id, part: 1, seconds: 41 }),
      newRecord(stamp(), 'quiz.answered', sha, { ...about, attempt: attempt.attempt, seed: attempt.seed, started: attempt.started, seconds: 240, answers }),
      newRecord(stamp(), 'reflection.saved', sha, { ...about, question: 'mine', shared_with: 'only me', text: null }),
      newRecord(stamp(), 'reflection.saved', sha, { ...about, question: 'shared', shared_with: 'assessor', text: 'Mrs Begum’s stairs, and her cat.' }),
      newRecord(stamp(), 'look-back.answered', null, { items: [{ module: edition.key, sha, question: questions[0]!, answer: given.right[questions[0]!]!, outcome: 100 }] }),
    ],
    {
      notes: [{ module: edition.key, question: 'mine', text: 'Ask Tom about the rail.', at: given.now }],
      lookBacks: questions.map((question) => firstLookBack(edition.key, question, begun)),
    },
  );
}

const first = await work();
const sent = await changeRecords(person.id, first.map(({ id }) => id), (record) => ({ ...record, st: 'receipted', r: 'stored', received: given.now }));
const unsent = await work();
let draft = start(edition, sha, stamp());
draft = answer(draft, questions[0]!, given.right[questions[0]!]!);
draft = write(choose(draft, questions[1]!, given.right[questions[1]!]!), 'mine', 'Half a thou');
await saveDraft(person.id, draft);
await setState(person.id, { backoff: { n: 2, since: begun, until: begun + 60_000 }, 'etag:state': '"abc"', checked: { [person.dev]: begun }, pocket: [{ module: edition.key, title: edition.title, line: 'Hold the rail.', at: given.now }] });
await applyDifference(person.id, person.dev, () => ({ put: [], ghosts: ['019af3c2-7d50-7000-8000-00000000dead'], gone: [] }));

process.stdout.write(JSON.stringify({ databases: await dump(), sent: sent.map(envelope), unsent: unsent.map(envelope) }));
