/** What the screens are drawn from: the last snapshot of the server, and on top of it what this phone did since. */

import { mediaBytes, type Catalogue, type CatalogueModule, type Snapshot } from '../core/api.ts';
import { goesOf, type Draft } from '../core/attempt.ts';
import { dueNow, type LookBack } from '../core/ladder.ts';
import { mark } from '../core/marking.ts';
import { shownAs, type Shown } from '../core/outbox.ts';
import type { Kept } from '../core/records.ts';
import { isDone, type Status } from '../core/status.ts';
import { editions, inUse } from '../store/editions.ts';
import { drafts, lookBacks, records, state } from '../store/person.ts';
import { placesOf, value, type EditionRow, type Person } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { editionBody } from '../sync/editions.ts';
import { currentPerson } from './go.ts';

export interface Facts {
  person: Person;
  now: number;
  /** Milliseconds to add to the phone's clock for the server's; 0 while unknown. */
  off: number;
  snapshot: Snapshot | undefined;
  catalogue: Catalogue | undefined;
  drafts: Draft[];
  records: Kept[];
  /** Editions whose text is on this phone. */
  editions: EditionRow[];
  lookBacks: LookBack[];
  /** Modules this phone saw passed and the server has not told of yet. */
  passedHere: ReadonlySet<string>;
  /** Modules with a finished go that the server has not told of yet. */
  triedHere: ReadonlySet<string>;
}

/** Everything about the person now using this phone, or null when there is nobody; `at`: at this place of theirs. Throws NotSaved. */
export async function gather(deps: Deps, at?: Person): Promise<Facts | null> {
  const person = at ?? (await currentPerson(deps));
  if (!person) return null;
  const [snapshot, told = '', catalogue, running, own, rows, again, clock] = await Promise.all([
    state(person.id, 'snapshot'),
    state(person.id, 'told'),
    state(person.id, 'catalogue'),
    drafts(person.id),
    records(person.id),
    editions(),
    lookBacks(person.id),
    value('clockOffset'),
  ]);
  const known = new Set((snapshot?.results ?? []).map((result) => result.record));
  const fresh = goesOf(own).filter((record) => !known.has(record.id) && !(record.received && record.received <= told));
  const marked = await Promise.all(fresh.map((record) => passed(deps, record)));
  const modules = fresh.map((record) => record.data.module);
  const passedHere = new Set(modules.filter((_, place) => marked[place]));
  return { person, now: deps.now(), off: clock?.off ?? 0, snapshot, catalogue, drafts: running, records: own, editions: rows, lookBacks: again, passedHere, triedHere: new Set(modules) };
}

/** The same, of all places of whoever uses this phone, this one first. Throws NotSaved. */
export async function gatherAll(deps: Deps): Promise<Facts[]> {
  const person = await currentPerson(deps);
  const all = person ? await Promise.all((await placesOf(person)).map((place) => gather(deps, place))) : [];
  return all.filter((one) => one !== null);
}

/** Marked against the very edition it was given to; when that is no longer here, the server will say. */
async function passed(deps: Deps, record: Kept<'quiz.answered'>): Promise<boolean> {
  const edition = record.edition ? await editionBody(deps, record.edition).catch(() => null) : null;
  const result = edition && mark(edition, record.data.answers);
  return result !== null && result.passed && !result.pending.length;
}

/** Where the person stands with a module, this phone's own acts included. */
export function standingOf(facts: Facts, module: string): { status: Status; date: string | null } {
  const told = facts.snapshot?.modules[module];
  const status = told?.status ?? 'not-started';
  const date = told?.due ?? told?.valid_until ?? null;
  if (facts.passedHere.has(module)) return { status: 'in-date', date: null };
  if (status === 'not-started' && begun(facts, module)) return { status: 'under-way', date };
  return { status, date: status === 'in-date' ? (told?.valid_until ?? null) : date };
}

const begun = (facts: Facts, module: string): boolean => facts.triedHere.has(module) || facts.drafts.some((draft) => draft.module === module);

/** What was asked of this person and is still to do: overdue first, then by date, then as the catalogue has it. */
export function stillToDo(facts: Facts): CatalogueModule[] {
  const rank = (module: CatalogueModule): string => {
    const { status, date } = standingOf(facts, module.key);
    return `${status === 'overdue' ? 0 : 1} ${date ?? module.due ?? '9999'}`;
  };
  return (facts.catalogue?.modules ?? [])
    .filter((module) => module.assigned)
    .filter((module) => {
      const { status } = standingOf(facts, module.key);
      return !isDone(status) && !(status === 'due-soon' && facts.passedHere.has(module.key));
    })
    .map((module, place) => ({ module, place, rank: rank(module) }))
    .sort((one, other) => (one.rank < other.rank ? -1 : one.rank > other.rank ? 1 : one.place - other.place))
    .map(({ module }) => module);
}

/** What a module is called, if this phone knows it. */
export const titleOf = ({ catalogue, editions: rows }: Facts, module: string): string | undefined =>
  (catalogue?.modules.find(({ key }) => key === module) ?? rows.find((row) => row.module === module))?.title;

/** The edition of a module on this phone, if its text is here. */
export const onPhone = (facts: Facts, module: string): EditionRow | undefined => inUse(facts.editions.filter((row) => row.module === module));

/** Bytes still to come for a module, on the wire. */
export function bytesToGet(facts: Facts, module: CatalogueModule): number {
  const here = facts.editions.find((row) => row.sha === module.sha);
  return (here ? 0 : module.bytes) + (here?.complete ? 0 : mediaBytes(module));
}

export interface Waiting {
  waiting: Kept[];
  notSent: Kept[];
  held: Kept[];
  /** The latest time the server took something, ISO. */
  lastSent: string | null;
}

/** What is on this phone only, what did not go, and when something last went. */
export function waitingOf(own: readonly Kept[], now: number): Waiting {
  const as = (shown: Shown): Kept[] => own.filter((record) => shownAs(record, now) === shown);
  const times = own.flatMap((record) => (record.received ? [record.received] : [])).sort();
  return { waiting: as('waiting'), notSent: as('not-sent'), held: as('held'), lastSent: times[times.length - 1] ?? null };
}

/** How many records the server has not taken: what a paused sending holds up. */
export const unsentOf = (own: readonly Kept[]): number => own.filter((record) => record.st === 'kept').length;

export const lookBacksDue = (facts: Facts): LookBack[] => dueNow(facts.lookBacks, facts.now, 5);
