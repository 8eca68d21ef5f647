/**
 * The one door to IndexedDB. Browsers kill connections in the background (WebKit above all), leave requests unanswered,
 * block upgrades while an old tab is open, and run out of room; all of that is met here, so that no caller has to.
 */

/** One numbered step. Steps only ever add, so that code of another release still works on the same database. */
export type Step = (database: IDBDatabase) => void;

export interface Schema {
  name: string;
  steps: readonly Step[];
  /** Whether it may be opened just now; asked for every new connection, so that nobody makes one anew after its end. */
  wanted?(): Promise<unknown>;
}

/** Why nothing was stored: the connection keeps dying, the phone is full, or an old tab holds up an upgrade. */
export type Why = 'storage' | 'full' | 'blocked';

/** Nothing was stored. Whoever called still holds the words in memory, and must say "Not saved: do not close". */
export class NotSaved extends Error {
  override readonly name = 'NotSaved';

  constructor(
    readonly why: Why,
    override readonly cause: unknown,
  ) {
    super(`Not saved: ${why}`);
  }
}

const TRIES = 3;
/** An old tab that does not close its connection within this time (ms) will not do so soon. */
const PATIENCE = 3000;
/** A connection that says nothing for this time (ms) counts as dead: reading and answering never wait for ever. */
const SILENCE = 4000;
const handles = new Map<string, Promise<IDBDatabase>>();
/** Transactions not yet ended, of every connection of this page. */
const underWay = new Set<IDBTransaction>();

const nameOf = (error: unknown): string => (error as { name?: string } | null)?.name ?? '';

/** Has the phone run out of room? By name: the numeric code differs between browsers. */
export const isFull = (error: unknown): boolean => nameOf(error) === 'QuotaExceededError';

/** What a dead connection looks like; the same work may succeed on a new one. */
const passing = ['InvalidStateError', 'UnknownError', 'AbortError', 'TransactionInactiveError'];

/** Close a connection; the next access opens anew. Others may have dropped it already, and must keep their new one. */
function drop(name: string, dropped = handles.get(name), abort = false): void {
  if (handles.get(name) === dropped) handles.delete(name);
  dropped?.then(
    (database) => {
      if (abort) abortAll((transaction) => transaction.db === database);
      database.close();
    },
    () => undefined,
  );
}

/** Close every connection; the next access opens anew. */
export function closeAll(): void {
  for (const name of [...handles.keys()]) drop(name);
}

function abortAll(which: (transaction: IDBTransaction) => boolean = () => true): void {
  for (const transaction of [...underWay].filter(which)) {
    try {
      transaction.abort();
    } catch {
      // It is being committed: better still.
    }
  }
}

/** A transaction, noted until it ends. */
export function begin(database: IDBDatabase, stores: string[], mode: IDBTransactionMode = 'readonly', options?: IDBTransactionOptions): IDBTransaction {
  const transaction = database.transaction(stores, mode, options);
  underWay.add(transaction);
  for (const end of ['complete', 'abort']) transaction.addEventListener(end, () => underWay.delete(transaction));
  return transaction;
}

/** What a request gives. Of what only writes nobody need wait for it: if it fails, so does its transaction. */
export const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Over when this page is in sight again; null while it was not left. */
let back: Promise<void> | null = null;

// WebKit keeps a page that was left, with its transactions begun and never ended, and then every write of the next
// page waits behind them for ever. What is aborted here was not said to be saved; it is tried again if the page returns.
globalThis.addEventListener?.('pagehide', () => {
  back = new Promise((again) => globalThis.addEventListener('pageshow', () => again(), { once: true }));
  abortAll();
  closeAll();
});

/**
 * Open the database at `version`, or at whatever version it has: after a failed upgrade the old one goes on, and a database
 * from a newer release still takes records, because steps only add. One that does not exist is then not created.
 */
function connect({ name, steps }: Schema, version?: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    let given = false;
    let patience: ReturnType<typeof setTimeout> | undefined;
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = ({ oldVersion }) => {
      try {
        if (!version) throw new NotSaved('storage', null);
        for (const step of steps.slice(oldVersion)) step(request.result);
      } catch {
        request.transaction!.abort();
      }
    };
    request.onblocked = () => {
      patience = setTimeout(() => {
        given = true;
        reject(new NotSaved('blocked', null));
      }, PATIENCE);
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      clearTimeout(patience);
      const database = request.result;
      database.onversionchange = database.onclose = () => drop(name);
      // Too late for whoever asked; left open it would hold up others in its turn.
      if (given) database.close();
      else resolve(database);
    };
  });
}

async function openUp(schema: Schema): Promise<IDBDatabase> {
  try {
    if (schema.wanted && !(await schema.wanted())) throw new NotSaved('storage', null);
    return await connect(schema, schema.steps.length);
  } catch (error) {
    if (error instanceof NotSaved) throw error;
    // No IndexedDB at all (private windows, storage switched off) is not a passing trouble.
    if (!passing.includes(nameOf(error)) && nameOf(error) !== 'VersionError') throw new NotSaved(isFull(error) ? 'full' : 'storage', error);
    return connect(schema).catch(() => {
      throw error;
    });
  }
}

function handle(schema: Schema): Promise<IDBDatabase> {
  const present = handles.get(schema.name);
  if (present) return present;
  const opening = openUp(schema);
  handles.set(schema.name, opening);
  opening.catch(() => handles.get(schema.name) === opening && handles.delete(schema.name));
  return opening;
}

/** What `work` gives, unless it says nothing for too long. */
function answered<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => reject(new DOMException('No answer', 'AbortError')), SILENCE);
    void work.then(resolve, reject).finally(() => clearTimeout(patience));
  });
}

/**
 * Do `work` on a database. A dead or silent connection is dropped with all it had begun and opened again, three tries
 * in all, so `work` must be safe to run twice.
 *
 * Throws NotSaved when nothing could be stored, and any other error of `work` as it is.
 */
export async function access<T>(schema: Schema, work: (database: IDBDatabase) => Promise<T>): Promise<T> {
  for (let left = TRIES; ; ) {
    await back;
    const connection = handle(schema);
    try {
      return await answered(connection.then(work));
    } catch (error) {
      if (isFull(error)) throw new NotSaved('full', error);
      if (!passing.includes(nameOf(error))) throw error;
      drop(schema.name, connection, true);
      left -= 1;
      if (!left) throw new NotSaved('storage', error);
    }
  }
}

/** Run `work` inside one transaction; when it fails nothing of it stays. Resolves after the transaction is complete. */
async function within<T>(transaction: IDBTransaction, work: (transaction: IDBTransaction) => Promise<T>): Promise<T> {
  const over = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException('Aborted', 'AbortError'));
  });
  try {
    const [result] = await Promise.all([work(transaction), over]);
    return result;
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It has already ended, which is what was wanted.
    }
    await over.catch(() => undefined);
    // The transaction's own reason (no room) says more than the request that fell with it.
    throw transaction.error ?? error;
  }
}

/** On the disk, not only in a buffer, once it is done. */
const STRICT: IDBTransactionOptions = { durability: 'strict' };

/** Do `work` on these stores in one transaction, on the disk once this resolves. Throws NotSaved, as `access` does. */
export const write = <T, const Names extends string[]>(schema: Schema, stores: Names, work: (...stores: { [K in keyof Names]: IDBObjectStore }) => Promise<T>, options = STRICT): Promise<T> =>
  access(schema, (database) => within(begin(database, stores, 'readwrite', options), (transaction) => work(...(stores.map((name) => transaction.objectStore(name)) as { [K in keyof Names]: IDBObjectStore }))));

/** What `ask` reads of one store. */
export const read = <T>(schema: Schema, store: string, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
  access(schema, (database) => done(ask(begin(database, [store]).objectStore(store))));

/** Every row of a store. */
export const readAll = <T>(schema: Schema, store: string): Promise<T[]> => read(schema, store, (rows): IDBRequest<T[]> => rows.getAll());

/** Delete a whole database, with all connections of this page closed first. Throws NotSaved when an old tab holds it. */
export async function deleteDatabase(name: string): Promise<void> {
  drop(name);
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
    request.onblocked = () => setTimeout(() => reject(new NotSaved('blocked', null)), PATIENCE);
  });
}
