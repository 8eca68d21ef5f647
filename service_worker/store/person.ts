/** Database `person-<id>`: everything one person did and wrote on this phone. Each person has an own one. */

import type { Catalogue, Passport, Practice, Snapshot, Summaries } from '../core/api.ts';
import type { Answering, Draft, Note, Watching } from '../core/attempt.ts';
import type { Wait } from '../core/backoff.ts';
import type { LookBack } from '../core/ladder.ts';
import { byAge } from '../core/outbox.ts';
import type { Kept, NewRecord } from '../core/records.ts';
import { NotSaved, access, begin, done, read, readAll, write, type Schema } from './open.ts';
import { person } from './phone.ts';

export interface Ghost {
  dev: string;
  id: string;
}

export interface PocketLine {
  module: string;
  /** The module's title, as the line outlives the module on this phone. */
  title: string;
  line: string;
  at: string;
}

export interface State {
  snapshot: Snapshot;
  catalogue: Catalogue;
  summaries: Summaries;
  /** The catalogue (its `catalogue`) that the summaries were asked for last. */
  summarised: string;
  seq: number;
  backoff: Wait;
  /** The server had judged all it had receipted up to this time of its own when it last told the snapshot. */
  told: string;
  /** Phone time when the server last told the snapshot, or said that it stands; of a phone updated since, nothing. */
  asked: number;
  /** What the last news called what they brought, and their figure for the modules this person is not asked for. */
  here: string;
  library: string;
  /** Meanings of the words in the lessons this person is asked for. */
  words: { [word: string]: string };
  practice: Practice;
  'etag:practice': string;
  passport: Passport;
  'etag:passport': string;
  /** Tokens of links this phone made, by the link's id: the server has none of them. */
  'passport-tokens': { [link: string]: string };
  'etag:state': string;
  'etag:catalogue': string;
  'etag:summaries': string;
  /** Phone time when the server last saw the digest of each phone id. */
  checked: { [dev: string]: number };
  /** Lines this person keeps "in your pocket", by module, newest last. */
  pocket: PocketLine[];
  /** A phone id the server asked to change, until that is done. */
  rotate: string;
}

export const schemaOf = (id: string): Schema => ({
  name: `person-${id}`,
  // What is late for somebody who was taken off this phone must bring nothing of theirs back.
  wanted: () => person(id),
  steps: [
    (database) => {
      const records = database.createObjectStore('records', { keyPath: 'id' });
      records.createIndex('st', 'st');
      records.createIndex('seq', 'seq');
      database.createObjectStore('drafts', { keyPath: 'module' });
      database.createObjectStore('state');
      database.createObjectStore('ghosts', { keyPath: ['dev', 'id'] });
      database.createObjectStore('notes', { keyPath: ['module', 'question'] });
      database.createObjectStore('lookback', { keyPath: ['module', 'question'] });
    },
  ],
});

export interface Also {
  /** The go this finishes: its draft leaves in the same transaction. When it has left already nothing is kept. */
  finishes?: Pick<Draft, 'module' | 'attempt'>;
  notes?: readonly Note[];
  lookBacks?: readonly LookBack[];
  /** Called once when the phone is full, to free room before the second and last try. */
  makeRoom?: () => Promise<unknown>;
}

/**
 * Keep records for sending, in one strict transaction with all that belongs to them. Resolves once they are safely
 * stored, so callers may say "Saved on this phone". Keeping the same record again changes nothing.
 *
 * Throws NotSaved when the phone is full, its storage is broken, or the person is not on it.
 */
export async function keep(personId: string, records: readonly NewRecord[], also: Also = {}): Promise<Kept[]> {
  const owner = await person(personId);
  if (!owner) throw gone();
  const store = (): Promise<Kept[]> =>
    write(schemaOf(personId), ['records', 'drafts', 'state', 'notes', 'lookback'], async (into, drafts, state, notes, lookBacks) => {
      if (also.finishes) {
        const running: Draft | undefined = await done(drafts.get(also.finishes.module));
        if (running?.attempt === also.finishes.attempt) drafts.delete(running.module);
        // Another tab was first; unless this is the same work once more, because nobody heard that it was done.
        else if (!records[0] || !(await done(into.get(records[0].id)))) return [];
      }
      let seq: number = (await done(state.get('seq'))) ?? 0;
      const kept: Kept[] = [];
      for (const record of records) {
        const present: Kept | undefined = await done(into.get(record.id));
        const made: Kept = present ?? { ...record, dev: owner.dev, seq: (seq += 1), st: 'kept', tries: 0, next: 0, since: null, r: null, code: null, received: null };
        if (!present) into.add(made);
        kept.push(made);
      }
      state.put(seq, 'seq');
      for (const note of also.notes ?? []) notes.put(note);
      for (const item of also.lookBacks ?? []) lookBacks.put(item);
      return kept;
    });
  const kept = await roomily(store, also.makeRoom);
  // Taken off this phone meanwhile: these records go with them, so nobody may say that they are saved.
  if (!(await person(personId))) throw gone();
  return kept;
}

const gone = (): NotSaved => new NotSaved('storage', new Error('This person is not on this phone.'));

/** Do `store`; when the phone is full make room and do it once more. */
async function roomily<T>(store: () => Promise<T>, makeRoom: (() => Promise<unknown>) | undefined): Promise<T> {
  try {
    return await store();
  } catch (error) {
    if (!(error instanceof NotSaved) || error.why !== 'full' || !makeRoom) throw error;
    await makeRoom();
    return store();
  }
}

/** Write a running attempt, at each tap. `makeRoom` is called once when the phone is full. Throws NotSaved. */
export const saveDraft = (id: string, draft: Draft | Watching | Answering, makeRoom?: () => Promise<unknown>): Promise<unknown> =>
  roomily(() => write(schemaOf(id), ['drafts'], async (drafts) => void drafts.put(draft)), makeRoom);

export const draft = (id: string, module: string): Promise<Draft | undefined> => read(schemaOf(id), 'drafts', (rows) => rows.get(module));

/** Goes under way. */
export const drafts = async (id: string): Promise<Draft[]> => (await unfinished(id)).filter((one): one is Draft => one.sha !== '');

/** All that is half done: goes, and observations not yet kept. */
export const unfinished = (id: string): Promise<(Draft | Watching | Answering)[]> => readAll(schemaOf(id), 'drafts');

/** All records of a person on this phone, oldest first. */
export const records = async (id: string): Promise<Kept[]> => (await readAll<Kept>(schemaOf(id), 'records')).sort(byAge);

/** Records not yet receipted, refused ones included: what "waiting" and "not sent" on screen are made of. Oldest first. */
export const waiting = async (id: string): Promise<Kept[]> => {
  const both = await access(schemaOf(id), (database) => {
    const byState = begin(database, ['records']).objectStore('records').index('st');
    return Promise.all([done(byState.getAll('kept')), done(byState.getAll('refused'))]);
  });
  return (both.flat() as Kept[]).sort(byAge);
};

/**
 * Change the local part of records in one transaction. `change` sees each record as it is now, and returns the new one
 * or null to leave it: another tab may have moved it meanwhile.
 */
export const changeRecords = (id: string, ids: readonly string[], change: (record: Kept) => Kept | null): Promise<Kept[]> =>
  write(schemaOf(id), ['records'], async (store) => {
    const changed: Kept[] = [];
    for (const one of ids) {
      const present: Kept | undefined = await done(store.get(one));
      const moved = present && change(present);
      if (moved) {
        store.put(moved);
        changed.push(moved);
      }
    }
    return changed;
  });

/** Put back in the queue what the server lost, and note what it has and we have not, in one transaction. */
export const applyDifference = (
  id: string,
  dev: string,
  work: (records: Kept[], ghosts: string[]) => { put: Kept[]; ghosts: string[]; gone: string[] },
): Promise<void> =>
  write(schemaOf(id), ['records', 'ghosts'], async (records, ghosts) => {
    const own = ((await done(records.getAll())) as Kept[]).filter((record) => record.dev === dev);
    const known = ((await done(ghosts.getAll())) as Ghost[]).filter((ghost) => ghost.dev === dev);
    const change = work(own, known.map((ghost) => ghost.id));
    for (const record of change.put) records.put(record);
    for (const ghost of change.ghosts) ghosts.put({ dev, id: ghost });
    for (const ghost of change.gone) ghosts.delete([dev, ghost]);
  });

export const ghosts = (id: string): Promise<Ghost[]> => readAll(schemaOf(id), 'ghosts');

export const state = <K extends keyof State>(id: string, key: K): Promise<State[K] | undefined> => read(schemaOf(id), 'state', (values) => values.get(key));

type Values = { [K in keyof State]?: State[K] | undefined };

const putAll = (state: IDBObjectStore, values: Values): void => {
  for (const [key, content] of Object.entries(values)) {
    if (content === undefined) state.delete(key);
    else state.put(content, key);
  }
};

/** Write several things of the state in one transaction; undefined removes one. */
export const setState = (id: string, values: Values): Promise<void> => write(schemaOf(id), ['state'], async (state) => putAll(state, values), {});

/** The same, made of the catalogue as it is now: two parts of it may come at one moment, and neither may take the other back. */
export const changeCatalogue = (id: string, change: (now: Catalogue | undefined) => Values): Promise<void> =>
  write(schemaOf(id), ['state'], async (state) => putAll(state, change(await done(state.get('catalogue')))), {});

export const notes = (id: string): Promise<Note[]> => readAll(schemaOf(id), 'notes');

export const lookBacks = (id: string): Promise<LookBack[]> => readAll(schemaOf(id), 'lookback');

const YEAR = 365 * 86_400_000;
const MOST_KEPT = 5 * 1024 * 1024;

/**
 * Let go of receipted records older than a year, and of the oldest beyond 5 MB. Their ids stay as ghosts, so the
 * digest goes on proving them. `now` is phone time in ms. Returns how many left.
 */
export const prune = (id: string, now: number, most = MOST_KEPT): Promise<number> =>
  write(schemaOf(id), ['records', 'ghosts'], async (records, ghosts) => {
    const sent = ((await done(records.index('st').getAll('receipted'))) as Kept[]).sort(byAge).reverse();
    let bytes = 0;
    let left = 0;
    for (const record of sent) {
      bytes += JSON.stringify(record).length;
      // The server's time decides: the phone's may have been years off when the record was made.
      if (bytes <= most && !(now - Date.parse(record.received ?? record.at) > YEAR)) continue;
      ghosts.put({ dev: record.dev, id: record.id });
      records.delete(record.id);
      left += 1;
    }
    return left;
  });
