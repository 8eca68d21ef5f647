/** A phone for tests: its storage, its clock, its luck and its line, all in the test's hand. */

import 'fake-indexeddb/auto';
import { createHash } from 'node:crypto';
import { IDBFactory } from 'fake-indexeddb';
import type { Catalogue, CatalogueModule } from '../../../service_worker/core/api.ts';
import type { Edition } from '../../../service_worker/core/edition.ts';
import { newRecord, type Kept, type NewRecord, type Stamp } from '../../../service_worker/core/records.ts';
import { closeAll } from '../../../service_worker/store/open.ts';
import { keep } from '../../../service_worker/store/person.ts';
import { putPerson, setValue, type Person } from '../../../service_worker/store/phone.ts';
import type { Deps } from '../../../service_worker/sync/deps.ts';

export const SERVER = 'server-1';
export const NGOZI = 'person-ngozi';
export const START = Date.parse('2026-11-22T09:00:00.000Z');

export const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> => new Uint8Array(createHash('sha256').update(bytes).digest());
export const hexOf = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Repeatable bytes in place of the phone's random ones. */
export function luck(seed = 1): (bytes: number) => Uint8Array {
  let state = seed >>> 0;
  return (bytes) =>
    Uint8Array.from({ length: bytes }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    });
}

class FakeCache {
  readonly stored = new Map<string, { body: Uint8Array; headers: Headers }>();
  constructor(private readonly world: FakeCaches) {}

  async put(address: string, response: Response): Promise<void> {
    const body = new Uint8Array(await response.arrayBuffer());
    if (this.world.full > 0) {
      this.world.full -= 1;
      throw new DOMException('full', 'QuotaExceededError');
    }
    this.stored.set(address, { body, headers: response.headers });
  }

  async match(address: string): Promise<Response | undefined> {
    const found = this.stored.get(address);
    return found && new Response(found.body as Uint8Array<ArrayBuffer>, { headers: found.headers });
  }

  async delete(address: string): Promise<boolean> {
    return this.stored.delete(address);
  }

  async keys(): Promise<{ url: string }[]> {
    return [...this.stored.keys()].map((address) => ({ url: `https://phone.test${address}` }));
  }
}

export class FakeCaches {
  readonly all = new Map<string, FakeCache>();
  /** How many of the next writes find the phone full. */
  full = 0;

  async open(name: string): Promise<FakeCache> {
    if (!this.all.has(name)) this.all.set(name, new FakeCache(this));
    return this.all.get(name)!;
  }

  addresses(name: string): string[] {
    return [...(this.all.get(name)?.stored.keys() ?? [])].sort();
  }

  get bytes(): number {
    return [...this.all.values()].flatMap((cache) => [...cache.stored.values()]).reduce((sum, one) => sum + one.body.length, 0);
  }
}

/** Web Locks as far as the sender uses them. Give two Deps the same one to make two tabs of one phone. */
export function fakeLocks(): NonNullable<Deps['locks']> {
  const held = new Set<string>();
  const request = async (name: string, _options: unknown, work: (lock: unknown) => unknown): Promise<unknown> => {
    if (held.has(name)) return work(null);
    held.add(name);
    try {
      return await work({ name });
    } finally {
      held.delete(name);
    }
  };
  return { request } as unknown as NonNullable<Deps['locks']>;
}

export interface TestDeps extends Deps {
  clock: { now: number };
  caches: Deps['caches'] & FakeCaches;
  line: { saveData: boolean; type: string | null } | null;
  free: number | null;
  /** Ring every running timer, as if 20 silent seconds had passed. */
  ring(): void;
}

export type Handler = (address: string, init: RequestInit) => Response | Promise<Response>;

export function testDeps(fetch: Handler, more: Partial<Deps> = {}): TestDeps {
  const clock = { now: START };
  const timers = new Set<() => void>();
  const random = luck(7);
  const deps: TestDeps = {
    clock,
    line: null,
    free: null,
    fetch: async (address, init) => fetch(address, init),
    now: () => clock.now,
    mono: () => clock.now - START,
    random,
    sha256,
    timer: (_ms, ring) => {
      timers.add(ring);
      return () => timers.delete(ring);
    },
    ring: () => [...timers].forEach((ring) => ring()),
    locks: fakeLocks(),
    caches: new FakeCaches() as unknown as TestDeps['caches'],
    room: async () => deps.free,
    connection: () => deps.line,
    app: 'build-1',
    lang: 'en',
    ...(more as Partial<TestDeps>),
  };
  return deps;
}

/** An empty phone: no database, no open connection. */
export function newPhone(): void {
  closeAll();
  globalThis.indexedDB = new IDBFactory();
}

/** From now on databases never open; the returned function mends that. */
export function silentDatabase(): () => void {
  closeAll();
  const real = indexedDB.open;
  indexedDB.open = () => Object.assign(Object.create(IDBOpenDBRequest.prototype), { addEventListener: () => undefined });
  return () => (indexedDB.open = real);
}

export const aPerson = (more: Partial<Person> = {}): Person => ({
  id: NGOZI,
  name: 'Ngozi',
  provider: { id: 'bramble', name: 'Bramble Home Care' },
  contact: 'Priya',
  dev: 'dev-1',
  append: 'append-ngozi',
  read: 'read-ngozi',
  pin: null,
  lastUsed: START,
  ...more,
});

/** A phone on which people have joined, whose server and clock are known. */
export async function joinedPhone(...people: Person[]): Promise<void> {
  newPhone();
  await setValue('server', SERVER);
  await setValue('clockOffset', { off: 0, at: START });
  for (const person of people.length ? people : [aPerson()]) await putPerson(person);
}

export const stamp = (now = START, random = luck(3)): Stamp => ({ now, mono: now - START, off: 0, app: 'build-1', lang: 'en', random });

export const readLesson = (from: Stamp, lesson = 'look'): NewRecord =>
  newRecord(from, 'lesson.read', 'e'.repeat(64), { module: 'falls', edition_no: 1, lesson, part: 1, seconds: 40 });

/** Keep `count` small records for a person, as a learner would. */
export async function keepSome(count: number, personId = NGOZI, from: Stamp = stamp()): Promise<Kept[]> {
  const kept: Kept[] = [];
  for (let done = 0; done < count; done += 100) {
    const some = Array.from({ length: Math.min(100, count - done) }, (_, index) => readLesson(from, `lesson-${done + index}`));
    kept.push(...(await keep(personId, some)));
  }
  return kept;
}

export const anEdition = (key: string, edition = 1, media: Edition['media'] = []): Edition => ({
  format: 1,
  key,
  edition,
  change: 'minor',
  lang: 'en',
  title: `About ${key}`,
  summary: 'Short.',
  minutes: 4,
  criteria: [],
  pass: null,
  valid_for_months: null,
  checked_by: null,
  check_again: '2027-06-01',
  licence: 'CC-BY-4.0',
  sources: [],
  pocket: null,
  source: '0'.repeat(64),
  media,
  parts: [{ kind: 'lesson', id: 'look', title: 'Look', html: '<p>Look.</p>', text: 'Look.' }],
});

/** Files a server offers, by address; a picture has bytes of the asked size. */
export class Shelf {
  readonly files = new Map<string, Uint8Array>();
  readonly modules: CatalogueModule[] = [];
  withdrawn: Catalogue['withdrawn'] = [];
  glossary: Catalogue['glossary'] = null;

  picture(name: string, size = 2000): Edition['media'][number] {
    const bytes = new TextEncoder().encode(name.padEnd(size, '.'));
    const sha = hexOf(bytes);
    this.files.set(`/m/${sha}.svg`, bytes);
    return { sha, name: `${name}.svg`, type: 'image/svg+xml', kind: 'picture', bytes: size };
  }

  sound(name: string, size = 9000): Edition['media'][number] {
    const { sha, bytes } = this.picture(name, size);
    const file = this.files.get(`/m/${sha}.svg`)!;
    this.files.delete(`/m/${sha}.svg`);
    this.files.set(`/m/${sha}.mp3`, file);
    return { sha, name: `${name}.mp3`, type: 'audio/mpeg', kind: 'sound', bytes };
  }

  /** Put an edition on the shelf and list it. Returns its sha. */
  offer(key: string, more: Partial<CatalogueModule> & { files?: Edition['media'] } = {}): string {
    const { files = [], ...listing } = more;
    const edition = anEdition(key, more.edition ?? 1, files);
    const bytes = new TextEncoder().encode(JSON.stringify(edition));
    const sha = hexOf(bytes);
    this.files.set(`/e/${sha}`, bytes);
    const old = this.modules.findIndex((module) => module.key === key);
    if (old >= 0) this.modules.splice(old, 1);
    this.modules.push({
      key, edition: 1, sha, bytes: bytes.length, title: edition.title, summary: '', minutes: 4, topic: 'falls', pack: 'core',
      media: files, assigned: true, due: null, supersedes: [], change: 'minor', ...listing,
    });
    return sha;
  }

  words(words: { [word: string]: string }): string {
    const bytes = new TextEncoder().encode(JSON.stringify({ format: 1, kind: 'glossary', words }));
    const sha = hexOf(bytes);
    this.files.set(`/e/${sha}`, bytes);
    this.glossary = { sha, bytes: bytes.length };
    return sha;
  }

  /** As `?form=short` answers: no media, and a summary of what was asked for only. */
  short(): object {
    const modules = this.modules.map(({ media, summary, assigned, due, supersedes: _s, change: _c, chain: _h, ...module }) => ({
      ...module,
      ...(media.length ? { media_bytes: media.reduce((sum, one) => sum + one.bytes, 0) } : {}),
      ...(assigned ? { assigned, summary, ...(due ? { due } : {}) } : {}),
    }));
    return { ...this.catalogue(), modules };
  }

  /** The whole form, as servers and phones of earlier releases know it. */
  catalogue(): Catalogue {
    return { proto: 1, server: SERVER, catalogue: 'c', glossary: this.glossary, topics: [], modules: [...this.modules], withdrawn: this.withdrawn };
  }

  /** Answers for files; anything else is 404. */
  readonly serve: Handler = (address) => {
    const bytes = this.files.get(address);
    return bytes ? new Response(bytes as Uint8Array<ArrayBuffer>) : new Response('', { status: 404 });
  };
}
