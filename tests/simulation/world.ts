/** One run: phones, people and a server, and what was said and promised while steps befell them. */

import type { Deps } from '../../service_worker/sync/deps.ts';
import { forgetSeq, tamperFor, type Break } from './breaks.ts';
import { Luck } from './luck.ts';
import { Network, type Asked } from './network.ts';
import { Died, Phone, type PhoneCode, type Surroundings } from './phone.ts';
import type { Server } from './server.ts';
import { Violation } from './violation.ts';

const START = Date.parse('2026-06-01T09:00:00.000Z');
export const DAY = 86_400_000;
export const MODULES = ['falls', 'hands', 'meals'] as const;
export const PIN = '384756';
/** A sign-in that nobody uses ends after this long by itself. */
const APPEND_LIVES = 180 * DAY;

/** Whose a row of a phone is: of a further place it is named `<person>~<provider>`. */
export const uuidOf = (row: string): string => row.split('~')[0]!;

/** What a learner did, as the simulator remembers it, beside everything the product believes. */
export interface Done {
  /** The row of the phone it was kept in. */
  person: string;
  /** The screen said "Saved on this phone". */
  said: boolean;
  /** A server of today cannot judge it (held) or take it (refused). */
  strange: 'held' | 'refused' | null;
  /** A go: at which edition, and what was answered to each question. */
  go: { edition: Published; answers: string } | null;
}

/** A record whose last copy on a phone went with the phone's storage: whether the server had it then. */
interface Loss {
  stored: boolean;
  restores: number;
}

export const QUESTIONS = ['first-thing', 'and-then'] as const;

/** An edition as it was published: `right` has its key's answer to each question; `errata` what was put right since. */
export interface Published {
  key: string;
  number: number;
  change: 'minor' | 'major';
  right: string;
  errata: [question: (typeof QUESTIONS)[number], right: string][];
  format: 1 | 2;
  at: string;
}

/** The key as it was published, and after each erratum. */
export function keysOf(edition: Published): string[] {
  const keys = [edition.right];
  for (const [question, right] of edition.errata) {
    const letters = [...keys[keys.length - 1]!];
    letters[QUESTIONS.indexOf(question)] = right;
    keys.push(letters.join(''));
  }
  return keys;
}

export type Variant = 'older' | 'present' | 'newer';

interface First {
  server: string;
  people: { id: string; name: string }[];
  providers: string[];
}

export class World {
  readonly clock = { now: START };
  readonly network: Network;
  readonly phones: Phone[] = [];
  readonly people: First['people'];
  readonly providers: string[];
  readonly done = new Map<string, Done>();
  readonly losses = new Map<string, Loss>();
  /** Phone ids that two phones have, or that went back in time. */
  readonly shared = new Set<string>();
  readonly editions: Published[] = MODULES.map((key) => ({ key, number: 1, change: 'minor', right: 'bb', errata: [], format: 1, at: new Date(START - 200 * DAY).toISOString() }));
  /** Editions withdrawn with a safety notice, as the operator last said. */
  readonly warnings = new Set<string>();
  restores = 0;
  /** What a manager last decided about a record's pass, and how often the server had been put back then. */
  readonly decided = new Map<string, { stands: boolean; restores: number }>();
  /** Which release the server is now, and the newest it was. */
  variant: Variant = 'present';
  newest: Variant = 'present';
  /** Phone ids whose sign-in was ended: only these may have to sign in again before they can send. */
  readonly ended = new Set<string>();
  /** Tokens of lost phones, and how often the server had been put back when they were ended. */
  readonly revoked: { tokens: { append: string | null; read: string | null }; restores: number }[] = [];
  /** What "Save a copy" gave to people who then removed themselves. */
  readonly copies: Awaited<ReturnType<PhoneCode['exportWaiting']>>[] = [];
  /** Providers a phone id was enrolled or signed in at: whose its records may be. */
  readonly homes = new Map<string, Set<string>>();
  luck: Luck;
  readonly serverId: string;
  readonly around: Surroundings;
  private readonly proven = new Set<string>();

  constructor(
    readonly server: Server,
    seed: number,
    open: Surroundings['open'],
    readonly broken: Break | null,
  ) {
    this.luck = new Luck(seed);
    const first = server.ask<First>({ do: 'reset', seed, now: this.clock.now });
    this.people = first.people;
    this.providers = first.providers;
    this.serverId = first.server;
    this.network = new Network(server, first.server, this.clock, seed);
    this.network.whenLate = (asked) => this.afterLate(asked);
    this.around = { clock: this.clock, network: this.network, luck: () => this.luck, open };
    const tamper = tamperFor(broken);
    if (tamper) this.around.tamper = tamper;
  }

  /** Three phones; Tom has two, one of them Ngozi's as well. */
  async begin(): Promise<void> {
    for (const [name, ...people] of [['blue', 0, 1], ['red', 1], ['green', 2]] as const) {
      const phone = new Phone(name, this.around);
      this.phones.push(phone);
      for (const person of people) await this.join(phone, this.people[person]!);
      await this.refresh(phone, this.people[people[0]]!.id);
    }
  }

  ask<T>(what: string, more: { [name: string]: unknown } = {}): T {
    return this.server.ask<T>({ do: what, now: this.clock.now, ...more });
  }

  /** Do something on a phone; only trouble that a phone may have is excused. */
  async on<T>(phone: Phone, work: (deps: Deps) => Promise<T>, dies: number | null = null): Promise<T | 'died' | 'not saved'> {
    const troubled = phone.full || phone.dying > 0;
    const outcome = await phone.act(work, dies);
    if ('value' in outcome) return outcome.value;
    if (outcome.error instanceof Died) {
      if (this.broken === 'seq-reuse') await this.forgetNumbers(phone);
      return 'died';
    }
    if ((outcome.error as Error).name === 'NotSaved' && troubled) return 'not saved';
    throw outcome.error;
  }

  async forgetNumbers(phone: Phone): Promise<void> {
    for (const owner of phone.owners()) await phone.act(() => forgetSeq(owner));
    phone.open();
  }

  /** Come in by a code of this provider, or of the one joined last, on a phone that may have known the person before. */
  async join(phone: Phone, person: { id: string; name: string }, at?: string): Promise<boolean> {
    if (phone.full) return false;
    const given = this.ask<{ dev: string; append: string; read: string; provider: { id: string; name: string } }>('enrol', { person: person.id, provider: at ?? null });
    // Somebody whose place has ended gets no phone.
    if (!given.dev) return false;
    this.atHome(given.dev, given.provider.id);
    await this.on(phone, async (deps) => {
      await phone.code.setValue('server', this.serverId);
      // Enrolling has just asked the server for its name and its time.
      await phone.code.setValue('clockOffset', { off: this.clock.now - deps.now(), at: deps.now() });
      const row = phone.code.rowFor(phone.people(), { proto: 1, server: this.serverId, person, ...given }, null, deps.now());
      await phone.code.putPerson({ ...row, contact: 'Priya' });
      phone.cookie = row.id;
    });
    return true;
  }

  private atHome(dev: string, provider: string): void {
    this.homes.set(dev, (this.homes.get(dev) ?? new Set()).add(provider));
  }

  /** Sign in again with the PIN. Says what came of it; `code` means that only a new code helps. */
  async signIn(phone: Phone, person: string): Promise<string> {
    const row = phone.people().find(({ id }) => id === person);
    if (!row) return 'not here';
    const end = await this.on(phone, async (deps) => {
      // A phone without Web Crypto keeps the curtain it has, and so signs in at once.
      return (await phone.code.signIn(deps, person, PIN)).end;
    });
    for (const dev of new Set([row.dev, phone.people().find(({ id }) => id === person)?.dev ?? row.dev])) {
      const { provider } = this.ask<{ provider: string | null }>('home_of', { dev });
      if (provider) this.atHome(dev, provider);
    }
    if (end === 'ready') phone.cookie = person;
    return end;
  }

  /** A copy of a sign-in that comes late makes a phone known again that a restored server had forgotten. */
  private afterLate(asked: Asked): void {
    if (!asked.path.endsWith('/sign-in')) return;
    const { dev } = JSON.parse(asked.body) as { dev: string };
    const { provider } = this.ask<{ provider: string | null }>('home_of', { dev });
    if (provider) this.atHome(dev, provider);
  }

  /** Does the server tell this phone anything? Not when the person works nowhere, or not where the phone belongs. */
  mayRead(phone: Phone, person: string): boolean {
    const token = phone.people().find(({ id }) => id === person)?.read ?? '';
    const outcome = this.network.send({ method: 'GET', path: '/api/v1/state', headers: { authorization: `Bearer ${token}` }, body: '' }, this.luck);
    return typeof outcome !== 'string' && outcome.reply.status === 200;
  }

  /** What a page does when it starts: what is new, which compares the digest too, the lessons, the list of all others. */
  async refresh(phone: Phone, person: string, dies: number | null = null): Promise<string> {
    return this.on(
      phone,
      async (deps) => {
        const told = await phone.code.fetchNews(deps, person);
        const rest = await phone.code.fetchRest(deps, person);
        const files = await phone.code.download(deps, person);
        if (this.luck.chance(0.5)) await phone.code.download(deps, person, { module: 'meals' });
        return `${told}, ${rest}, ${files.end}, ${await phone.code.fetchNews(deps, person)}, ${await phone.code.callJudgedSent(person)} judged`;
      },
      dies,
    );
  }

  async send(phone: Phone, force = false, dies: number | null = null, both = false): Promise<string> {
    return this.on(
      phone,
      async (deps) => {
        const tabs = [phone.code.sendAll(deps, { force })];
        // Another tab, in a browser without Web Locks: nothing keeps the two apart.
        if (both) tabs.push(phone.second.sendAll({ ...deps, locks: null }, { force }));
        const ends = await Promise.allSettled(tabs);
        for (const end of ends) if (end.status === 'rejected') throw end.reason;
        return ends.map((end) => (end.status === 'fulfilled' ? end.value.people.map((report) => `${report.end} ${report.sent}`).join('/') : '')).join(' | ');
      },
      dies,
    );
  }

  /** May the server, of all it was told, rightly want a sign-in from this phone before it takes records? */
  mayWantSignIn(phone: Phone): boolean {
    return this.restores > 0 || this.clock.now - START > APPEND_LIVES || [...phone.devs()].some((dev) => this.ended.has(dev));
  }

  /** Do what takes a phone's records away, and note those that no other phone has. */
  async losing(phone: Phone, work: () => Promise<unknown>): Promise<void> {
    const ids = (one: Phone): string[] => one.owners().flatMap((owner) => one.recordsOf(owner).map((record) => record.id));
    const before = ids(phone);
    await work();
    const here = new Set(this.phones.flatMap(ids));
    const gone = before.filter((id) => !here.has(id));
    const missing = new Set(this.ask<{ ids: string[] }>('missing', { ids: gone }).ids);
    for (const id of gone) this.losses.set(id, { stored: !missing.has(id), restores: this.restores });
  }

  /** Was this record's disappearance from phones and server nobody's fault but the phone's end? */
  excused(id: string): boolean {
    const loss = this.losses.get(id);
    return loss !== undefined && (!loss.stored || this.restores > loss.restores);
  }

  share(phone: Phone): void {
    for (const dev of phone.devs()) this.shared.add(dev);
  }

  /** The server goes on as this release; with `first` only one of its processes does so far. */
  become(variant: Variant, first = false): void {
    this.variant = variant;
    if (variant === 'newer') this.newest = variant;
    this.ask('become', { variant, first });
  }

  /** May this go count, by any key that was in force after the first `since` errata? 0: by the published one too. */
  counts(done: Done, since = 0): boolean {
    if (!done.go) return false;
    const keys = keysOf(done.go.edition);
    return keys.slice(since ? since + 1 : 0).includes(done.go.answers);
  }

  /** The edition as it was published. */
  published(key: string, number: number): Published {
    return this.editions.find((one) => one.key === key && one.number === number)!;
  }

  /** These may be called stored only if the server has them at this moment. */
  demandStored(ids: readonly string[], who: string): void {
    const unproven = ids.filter((id) => !this.proven.has(id));
    if (!unproven.length) return;
    const missing = this.ask<{ ids: string[] }>('missing', { ids: unproven }).ids;
    for (const id of unproven) this.proven.add(id);
    if (missing.length) throw new Violation(`${who}, never stored: ${missing.map((id) => id.slice(-6)).join(', ')}`);
  }
}
