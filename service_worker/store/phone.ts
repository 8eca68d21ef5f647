/** Database `phone`: who uses this phone, its settings, the editions on it. Beyond `people` it holds no personal byte. */

import { done, read, readAll, write, type Schema } from './open.ts';

export interface Person {
  /** Of the row. A further place of somebody who is here already has one of its own: `<uuid>~<provider>`. */
  id: string;
  /** Whose it is, in a row of a further place; else that is `id`. Only this is sent. */
  uuid?: string;
  name: string;
  provider: { id: string; name: string };
  /** Whom to ask, by first name. */
  contact: string | null;
  /** This phone's id for this person; the server gives a new one when a phone was cloned. */
  dev: string;
  /** Bearer token that may only add records. */
  append: string | null;
  /** Bearer token that may read this person's own state. */
  read: string | null;
  /** The reading token that the server refused last: while it is still `read`, nothing new comes without the PIN. LEFT: their place has ended. */
  refused?: string | null;
  /** What the server said to somebody who has left: where, and since which day. */
  left?: string;
  pin: { salt: string; hash: string; iterations: number } | null;
  /** Wrong PINs typed on this phone since the last right one, and the phone time of the last of them. */
  wrong?: { n: number; at: number } | null;
  /** Asks for the PIN also when alone on this phone. */
  ask?: boolean;
  /** When the passkey was added that signs in on this phone; the server's word, ISO. */
  passkey?: string | null;
  lastUsed: number;
  /** Why sending stands still for this person; nothing is lost meanwhile. */
  paused?: 'sign-in' | 'other-person' | 'erased' | null;
}

/** In place of a refused token: this person has left the provider. */
export const LEFT = 'left';

/** An edition whose text is on this phone and verified. */
export interface EditionRow {
  sha: string;
  module: string;
  edition: number;
  bytes: number;
  title: string;
  minutes: number;
  /** Asked for by somebody on this phone: never removed to make room. */
  pinned: boolean;
  lastUsed: number;
  /** File names under /m/: `<sha>.<ext>`. */
  media: string[];
  /** "On this phone": text and every file of `media` are here and verified. */
  complete: boolean;
  withdrawn: boolean;
}

export interface Settings {
  theme?: 'light' | 'dark' | 'phone';
  textSize?: 100 | 125 | 150 | 200;
  easyRead?: boolean;
  /** The speaker on lessons; on unless switched off. */
  aloud?: boolean;
  aloudSlow?: boolean;
  /** Pictures and sound only when the phone says it is on Wi-Fi, or after a tap. */
  wifiOnly?: boolean;
  language?: string | null;
  [more: string]: unknown;
}

export interface Values {
  server: string;
  /** Server clock minus phone clock in ms, and the phone time it was measured at. */
  clockOffset: { off: number; at: number };
  person: string;
  settings: Settings;
  shell: string;
  /** SHA-256 of the glossary that is on this phone. */
  glossary: string;
}

export const schema: Schema = {
  name: 'phone',
  steps: [
    (database) => {
      database.createObjectStore('people', { keyPath: 'id' });
      database.createObjectStore('kv');
      database.createObjectStore('editions', { keyPath: 'sha' }).createIndex('module', 'module');
    },
  ],
};

export const people = (): Promise<Person[]> => readAll(schema, 'people');

export const person = (id: string): Promise<Person | undefined> => read(schema, 'people', (rows) => rows.get(id));

/** What the server knows the person by. */
export const personUuid = ({ id, uuid = id }: Pick<Person, 'id' | 'uuid'>): string => uuid;

/** The people of these rows, each with the rows of their places. */
export const byPerson = (all: readonly Person[]): Person[][] => [...new Set(all.map(personUuid))].map((uuid) => all.filter((row) => personUuid(row) === uuid));

/** Does this phone ask who is there, and for their PIN? */
export const asks = (all: readonly Person[]): boolean => byPerson(all).length > 1 || all.some((one) => one.ask && one.pin);

/** This place of a person, and then their other ones on this phone. */
export const placesOf = async (who: Person): Promise<Person[]> => [who, ...(await people()).filter((row) => row.id !== who.id && personUuid(row) === personUuid(who))];

/** What is the person's own, the same in the rows of all their places. */
const OWN = ['pin', 'wrong', 'passkey', 'ask'] as const;

/** Put the row that `make` gives of the one that is here, and what it changes of the person's own into their other rows. */
const rewrite = (id: string, make: (found: Person | undefined) => Person | undefined): Promise<void> =>
  write(schema, ['people'], async (store) => {
    const all: Person[] = await done(store.getAll());
    const found = all.find((one) => one.id === id);
    const row = make(found);
    if (!row) return;
    store.put(row);
    const own = Object.fromEntries(OWN.filter((name) => row[name] !== found?.[name]).map((name) => [name, row[name]]));
    for (const one of all) if (one !== found && personUuid(one) === personUuid(row)) store.put({ ...one, ...own });
  });

/** Add a person or a place of theirs, or replace what is known of it. */
export const putPerson = (row: Person): Promise<void> => rewrite(row.id, () => row);

type Change = Partial<Omit<Person, 'id'>>;

/** Change part of a person's row in one transaction, seen as it is now; does nothing when they are not on this phone. */
export const changePerson = (id: string, change: Change | ((row: Person) => Change)): Promise<void> =>
  rewrite(id, (row) => row && { ...row, ...(typeof change === 'function' ? change(row) : change) });

/** Take a person off this phone. Their own database is deleted by `removePerson` of removing.ts, which asks first. */
export const forgetPerson = (id: string): Promise<void> =>
  write(schema, ['people'], async (store) => void store.delete(id));

export const value = <K extends keyof Values>(key: K): Promise<Values[K] | undefined> =>
  read(schema, 'kv', (values) => values.get(key));

export const setValue = <K extends keyof Values>(key: K, content: Values[K]): Promise<unknown> =>
  write(schema, ['kv'], async (store) => void store.put(content, key), {});
