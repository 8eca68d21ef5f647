/** One simulated phone: its storage, its clock, its line, and the product's code running on them. */

import { FakeCaches, fakeLocks, sha256 } from '../phone/support/phone.ts';
import type { Catalogue } from '../../service_worker/core/api.ts';
import type { Draft } from '../../service_worker/core/attempt.ts';
import type { Kept } from '../../service_worker/core/records.ts';
import type { EditionRow, Person } from '../../service_worker/store/phone.ts';
import type { Deps } from '../../service_worker/sync/deps.ts';
import { IDBFactory } from 'fake-indexeddb';
import type * as Code from './phone-code.ts';
import type { Luck } from './luck.ts';
import type { Asked, Network, Outcome } from './network.ts';

export type PhoneCode = typeof Code;

/** The phone died here: killed, out of power. Thrown by everything it asks of the outside from then on. */
export class Died extends Error {
  override readonly name = 'Died';
}

/** What one database holds, as plain values. */
interface Copy {
  version: number;
  stores: { name: string; keyPath: string | string[] | null; indexes: { name: string; keyPath: string | string[]; unique: boolean }[]; rows: { key: IDBValidKey; value: unknown }[] }[];
}

export interface PhoneCopy {
  goes: Map<string, string>;
  databases: Map<string, Copy>;
  files: Map<string, Map<string, { body: Uint8Array; headers: Headers }>>;
}

/** The insides of fake-indexeddb, read without a transaction: looking must not change what happens. */
interface RawFactory {
  _databases: Map<string, { version: number; rawObjectStores: Map<string, RawStore> }>;
}
interface RawStore {
  name: string;
  keyPath: string | string[] | null;
  rawIndexes: Map<string, { name: string; keyPath: string | string[]; unique: boolean }>;
  records: { values(): Iterable<{ key: IDBValidKey; value: unknown }> };
}

export interface Surroundings {
  clock: { now: number };
  network: Network;
  luck(): Luck;
  /** Begin the product's code anew, as opening a tab does. */
  open(factory: IDBFactory, memory: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): PhoneCode;
  /** What a broken guarantee puts between the product and the line. */
  tamper?: (phone: Phone, asked: Asked, send: (asked: Asked) => Promise<Outcome>) => Promise<Outcome>;
}

let acting: Phone | null = null;

export class Phone {
  factory = new IDBFactory();
  caches = new FakeCaches();
  /** Phone clock minus true time, ms. */
  skew = 0;
  full = false;
  /** How many of the next transactions find a dead connection. */
  dying = 0;
  /** Steps until it dies; null: it lives. */
  private left: number | null = null;
  private dead = false;
  code!: PhoneCode;
  second!: PhoneCode;
  private locks = fakeLocks();
  private timers = new Set<() => void>();
  private boot = 0;
  copy: PhoneCopy | null = null;
  /** Goes put down here, by person and module: what the screen said will be there when somebody comes back. */
  goes = new Map<string, string>();
  /** Who has opened the phone with their PIN and is looking at it. */
  shownTo: string | null = null;
  /** Who signed in last in this browser: all that a cookie knows. */
  cookie: string | null = null;

  constructor(
    readonly name: string,
    readonly around: Surroundings,
  ) {
    this.open();
  }

  /** Open the app in two tabs; nothing of before is in memory. */
  open(): void {
    this.dead = false;
    this.left = null;
    this.timers.clear();
    this.locks = fakeLocks();
    this.boot = this.around.clock.now;
    // A shared phone shows nobody's things until somebody opened it, which it notes with the time.
    const memory = { getItem: () => (this.shownTo ? `${this.shownTo} ${this.around.clock.now + this.skew}` : null), setItem: () => undefined, removeItem: () => undefined };
    this.code = this.around.open(this.factory, memory);
    this.second = this.around.open(this.factory, memory);
  }

  /** One thing asked of the outside. */
  tick(): void {
    if (this.dead) throw new Died();
    if (this.left !== null && (this.left -= 1) < 0) {
      this.dead = true;
      throw new Died();
    }
  }

  touch(write: boolean): void {
    this.tick();
    if (write && this.full) throw new DOMException('full', 'QuotaExceededError');
  }

  connection(): void {
    this.tick();
    if (this.dying > 0) {
      this.dying -= 1;
      throw new DOMException('The connection is gone', 'InvalidStateError');
    }
  }

  /** Do `work`; with `dies`, only until that many steps were taken. Whatever the app is left with, it is opened again. */
  async act<T>(work: (deps: Deps) => Promise<T>, dies: number | null = null): Promise<{ value: T } | { error: unknown }> {
    acting = this;
    globalThis.indexedDB = this.factory;
    this.left = dies;
    try {
      return { value: await work(this.deps()) };
    } catch (error) {
      return { error: this.dead ? new Died() : error };
    } finally {
      const died = this.dead;
      this.left = null;
      if (died) {
        // What the dead process still had begun falls with it.
        for (let turn = 0; turn < 6; turn += 1) await new Promise((next) => setImmediate(next));
        this.open();
      }
      acting = null;
    }
  }

  deps(): Deps {
    const { clock } = this.around;
    return {
      fetch: async (address, init) => {
        this.tick();
        const response = await this.fetch(address, init);
        this.tick();
        return response;
      },
      now: () => clock.now + this.skew,
      mono: () => clock.now - this.boot,
      random: (bytes) => this.around.luck().bytes(bytes),
      sha256: async (bytes) => {
        this.tick();
        return sha256(bytes);
      },
      timer: (_ms, ring) => {
        this.timers.add(ring);
        return () => this.timers.delete(ring);
      },
      locks: this.locks,
      caches: this.caches as unknown as CacheStorage,
      room: async () => (this.full ? 0 : null),
      connection: () => ({ saveData: false, type: 'wifi' }),
      app: 'simulation',
      lang: 'en',
    };
  }

  private async fetch(address: string, init: RequestInit): Promise<Response> {
    const asked: Asked = {
      method: init.method ?? 'GET',
      path: address,
      headers: { ...(init.headers as { [name: string]: string } | undefined) },
      body: typeof init.body === 'string' ? init.body : '',
    };
    const send = async (what: Asked): Promise<Outcome> => this.around.network.send(what, this.around.luck());
    const outcome = await (this.around.tamper ? this.around.tamper(this, asked, send) : send(asked));
    if (outcome === 'failed') throw new TypeError('Failed to fetch');
    if (outcome === 'silence') {
      setImmediate(() => {
        this.around.clock.now += 20_000;
        for (const ring of [...this.timers]) ring();
      });
      return new Promise(() => undefined);
    }
    const { reply } = outcome;
    const whole = Buffer.from(reply.body);
    const size = Math.max(1, Math.ceil(whole.length / outcome.pieces));
    let place = 0;
    const read = async (): Promise<{ done: boolean; value?: Uint8Array }> => {
      this.tick();
      if (place >= whole.length) return { done: true };
      if (outcome.brought !== undefined && place >= size * outcome.brought) throw new TypeError('network error');
      if (outcome.pieces > 1) this.around.clock.now += 9_000;
      place += size;
      return { done: false, value: new Uint8Array(whole.subarray(place - size, place)) };
    };
    return { status: reply.status, headers: new Headers(reply.headers), body: { getReader: () => ({ read }) } } as unknown as Response;
  }

  private get raw(): RawFactory['_databases'] {
    return (this.factory as unknown as RawFactory)._databases;
  }

  private rows(database: string, store: string): unknown[] {
    const found = this.raw.get(database)?.rawObjectStores.get(store);
    return found ? Array.from(found.records.values(), (row) => row.value) : [];
  }

  /** Ids of the people who have a database here. */
  owners(): string[] {
    return [...this.raw.keys()].filter((name) => name.startsWith('person-')).map((name) => name.slice(7));
  }

  people(): Person[] {
    return this.rows('phone', 'people') as Person[];
  }

  editionRows(): EditionRow[] {
    return this.rows('phone', 'editions') as EditionRow[];
  }

  draftsOf(person: string): Draft[] {
    return this.rows(`person-${person}`, 'drafts') as Draft[];
  }

  catalogueOf(person: string): Catalogue | undefined {
    const found = this.raw.get(`person-${person}`)?.rawObjectStores.get('state');
    return found && (Array.from(found.records.values()).find(({ key }) => key === 'catalogue')?.value as Catalogue | undefined);
  }

  recordsOf(person: string): Kept[] {
    return this.rows(`person-${person}`, 'records') as Kept[];
  }

  ghostsOf(person: string): { dev: string; id: string }[] {
    return this.rows(`person-${person}`, 'ghosts') as { dev: string; id: string }[];
  }

  /** Phone ids that records or people here carry. */
  devs(): Set<string> {
    return new Set([...this.people().map((one) => one.dev), ...this.owners().flatMap((owner) => this.recordsOf(owner).map((record) => record.dev))]);
  }

  takeCopy(): PhoneCopy {
    const databases = new Map<string, Copy>();
    for (const [name, database] of this.raw) {
      const stores = [...database.rawObjectStores.values()].map((store) => ({
        name: store.name,
        keyPath: store.keyPath,
        indexes: [...store.rawIndexes.values()].map(({ name: index, keyPath, unique }) => ({ name: index, keyPath, unique })),
        rows: structuredClone(Array.from(store.records.values(), ({ key, value }) => ({ key, value }))),
      }));
      databases.set(name, { version: database.version, stores });
    }
    return { goes: new Map(this.goes), databases, files: new Map([...this.caches.all].map(([name, cache]) => [name, new Map(cache.stored)])) };
  }

  /** Become what the copy was: restored from a backup, or a new phone filled from an old one. */
  async become(copy: PhoneCopy): Promise<void> {
    this.factory = new IDBFactory();
    this.goes = new Map(copy.goes);
    for (const [name, { version, stores }] of copy.databases) {
      await new Promise<void>((resolve, reject) => {
        const request = this.factory.open(name, version);
        request.onupgradeneeded = () => {
          for (const store of stores) {
            const made = request.result.createObjectStore(store.name, store.keyPath === null ? {} : { keyPath: store.keyPath });
            for (const { name: index, keyPath, unique } of store.indexes) made.createIndex(index, keyPath, { unique });
            for (const { key, value } of store.rows) store.keyPath === null ? made.put(value, key) : made.put(value);
          }
        };
        request.onsuccess = () => {
          request.result.close();
          resolve();
        };
        request.onerror = () => reject(request.error);
      });
    }
    this.caches = new FakeCaches();
    for (const [name, files] of copy.files) {
      const cache = await this.caches.open(name);
      for (const [address, file] of files) cache.stored.set(address, file);
    }
    this.open();
  }
}

/** Make every use of IndexedDB a step at which the acting phone may die, be full, or find its connection gone. */
export function interfere(): void {
  const before = <T extends object>(prototype: T, name: keyof T & string, check: (phone: Phone) => void): void => {
    const real = prototype[name] as unknown as (...given: unknown[]) => unknown;
    (prototype as { [name: string]: unknown })[name] = function (this: unknown, ...given: unknown[]) {
      // An upgrade's own transaction is begun by the database, not by the app.
      if (acting && given[1] !== 'versionchange') check(acting);
      return real.apply(this, given);
    };
  };
  before(IDBDatabase.prototype, 'transaction', (phone) => phone.connection());
  for (const name of ['add', 'put'] as const) before(IDBObjectStore.prototype, name, (phone) => phone.touch(true));
  for (const name of ['get', 'getAll', 'delete'] as const) before(IDBObjectStore.prototype, name, (phone) => phone.touch(false));
  before(IDBIndex.prototype, 'getAll', (phone) => phone.touch(false));
}
