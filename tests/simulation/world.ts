/** One run: phones, people and a server, and the steps that befall them. */

import type { RecordData } from '../../service_worker/core/records.ts';
import type { Deps } from '../../service_worker/sync/deps.ts';
import { forgetSeq, tamperFor, type Break } from './breaks.ts';
import { Luck } from './luck.ts';
import { Network } from './network.ts';
import { Died, Phone, type PhoneCode, type Surroundings } from './phone.ts';
import type { ServerProcess } from './server.ts';
import type { Step } from './steps.ts';

const START = Date.parse('2026-06-01T09:00:00.000Z');
const MINUTE = 60_000;
const DAY = 86_400_000;
export const MODULES = ['falls', 'hands', 'meals'] as const;
const RIGHT = { 'first-thing': ['b'], 'and-then': ['b'] };
const WRONG = { 'first-thing': ['a'], 'and-then': ['a', 'a'] };
const MOST_PHONES = 5;

/** What a learner did, as the simulator remembers it, beside everything the product believes. */
export interface Done {
  person: string;
  /** The screen said "Saved on this phone". */
  said: boolean;
  /** No server can judge it (held) or take it (refused). */
  strange: 'held' | 'refused' | null;
  passes: boolean;
}

/** A record whose last copy on a phone went with the phone's storage: whether the server had it then. */
interface Loss {
  stored: boolean;
  restores: number;
}

/** Something that must never happen, happened. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export class World {
  readonly clock = { now: START };
  readonly network: Network;
  readonly phones: Phone[] = [];
  readonly people: { id: string; name: string }[];
  readonly done = new Map<string, Done>();
  readonly losses = new Map<string, Loss>();
  /** Phone ids that two phones have, or that went back in time. */
  readonly shared = new Set<string>();
  readonly editions: { key: string; number: number; change: string; at: string }[] = MODULES.map((key) => ({ key, number: 1, change: 'minor', at: new Date(START - 200 * DAY).toISOString() }));
  restores = 0;
  /** Phone ids whose sign-in was ended: only these may have to sign in again before they can send. */
  readonly ended = new Set<string>();
  private readonly proven = new Set<string>();
  private luck: Luck;
  private readonly serverId: string;
  private readonly around: Surroundings;

  constructor(
    readonly server: ServerProcess,
    seed: number,
    open: (factory: IDBFactory) => PhoneCode,
    private readonly broken: Break | null,
  ) {
    this.luck = new Luck(seed);
    const first = server.ask<{ server: string; people: { id: string; name: string }[] }>({ do: 'reset', seed, now: this.clock.now });
    this.people = first.people;
    this.serverId = first.server;
    this.network = new Network(server, first.server, this.clock);
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
  private async on<T>(phone: Phone, work: (deps: Deps) => Promise<T>, dies: number | null = null): Promise<T | 'died' | 'not saved'> {
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

  private async forgetNumbers(phone: Phone): Promise<void> {
    for (const owner of phone.owners()) await phone.act(() => forgetSeq(owner));
    phone.open();
  }

  private async join(phone: Phone, person: { id: string; name: string }): Promise<void> {
    if (phone.full || phone.people().some(({ id }) => id === person.id)) return;
    const given = this.ask<{ dev: string; append: string; read: string }>('enrol', { person: person.id });
    // Somebody whose place has ended gets no phone.
    if (!given.dev) return;
    await this.on(phone, async (deps) => {
      await phone.code.setValue('server', this.serverId);
      // Enrolling has just asked the server for its name and its time.
      await phone.code.setValue('clockOffset', { off: this.clock.now - deps.now(), at: deps.now() });
      await phone.code.putPerson({ ...person, provider: { id: 'bramble', name: 'Bramble' }, contact: 'Priya', ...given, pin: null, lastUsed: deps.now() });
    });
    phone.cookie = person.id;
  }

  async signIn(phone: Phone, person: string): Promise<void> {
    const row = phone.people().find(({ id }) => id === person);
    if (!row) return;
    const given = this.ask<{ append: string; read: string }>('sign_in', { person, dev: row.dev });
    await this.on(phone, () => phone.code.changePerson(person, { ...given, paused: null }));
    phone.cookie = person;
  }

  /** What a page does when it starts: the list, the lessons, the snapshot. */
  async refresh(phone: Phone, person: string, dies: number | null = null): Promise<string> {
    const end = await this.on(
      phone,
      async (deps) => {
        const list = await phone.code.fetchCatalogue(deps, person);
        const files = await phone.code.download(deps, person);
        if (this.luck.chance(0.5)) await phone.code.download(deps, person, { module: 'meals' });
        return `${list}, ${files.end}, ${await phone.code.fetchState(deps, person)}`;
      },
      dies,
    );
    return end;
  }

  async send(phone: Phone, force = false, dies: number | null = null, both = false): Promise<string> {
    const one = await this.on(
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
    return one;
  }

  /** May the server, of all it was told, rightly want a sign-in from this phone before it takes records? */
  mayWantSignIn(phone: Phone): boolean {
    return this.restores > 0 || [...phone.devs()].some((dev) => this.ended.has(dev));
  }

  private async learn(phone: Phone, person: string, step: Step): Promise<string> {
    const module = this.luck.of(MODULES);
    const passes = this.luck.chance(0.6);
    const twice = this.luck.chance(0.1);
    let id = '';
    const end = await this.on(
      phone,
      async (deps) => {
        const { code } = phone;
        const edition = code.inUse(await code.editionsOf(module));
        const stamp = { now: deps.now(), mono: deps.mono(), off: await code.offset(deps.now()), app: 'simulation', lang: 'en', random: deps.random };
        const kind = edition ? (step.do as 'quiz' | 'lesson' | 'reflection') : 'look-back';
        const about = { module, edition_no: edition?.edition ?? 0 };
        const passing = kind === 'quiz' && passes;
        const attempt = `${person.slice(0, 8)}-${step.number}`;
        const data = {
          quiz: ['quiz.answered', { ...about, attempt, seed: step.luck >>> 0, started: new Date(stamp.now).toISOString(), seconds: 60, answers: passing ? RIGHT : WRONG }],
          lesson: ['lesson.read', { ...about, lesson: 'look', part: 1, seconds: 30 }],
          reflection: ['reflection.saved', { ...about, question: 'q', shared_with: 'assessor', text: 'I stay calm. É ça.' }],
          'look-back': ['look-back.answered', { items: [] }],
        } as const;
        const [name, content] = data[kind];
        const record = code.newRecord(stamp, name, edition?.sha ?? null, content as unknown as RecordData[typeof name]);
        id = record.id;
        this.done.set(id, { person, said: false, strange: null, passes: passing });
        if (kind === 'quiz') {
          const draft = { module, edition: about.edition_no, sha: record.edition!, attempt, seed: 1, started: record.at, part: 2, answers: WRONG, choosing: {}, text: {}, seconds: 9 };
          await code.saveDraft(person, draft);
        }
        const kept = await code.keep(person, [record], kind === 'quiz' ? { finishes: { module, attempt } } : {});
        this.done.get(id)!.said = kept.length > 0;
        if (kind === 'quiz' && twice) {
          // The other tab shows the same end, and finishes the go as well.
          const again = code.newRecord(stamp, name, record.edition, content as unknown as RecordData[typeof name]);
          if ((await phone.second.keep(person, [again], { finishes: { module, attempt } })).length) throw new Violation(`one go was kept twice: ${id.slice(-6)}`);
        }
        return `${kind} ${module}${edition ? ` ${edition.edition}` : ''}${passing ? ', passes' : ''}: saved ${id.slice(-6)}`;
      },
      step.dies,
    );
    return end;
  }

  /** Records that come many at once, or that no server of today can make sense of. */
  private async strangeWork(phone: Phone, person: string, step: Step): Promise<string> {
    const strange = step.do === 'backlog' ? null : this.luck.of(['held', 'refused'] as const);
    const text = strange === 'refused' ? 'x'.repeat(66_000) : 'short';
    return this.on(
      phone,
      async (deps) => {
        const stamp = { now: deps.now(), mono: deps.mono(), off: null, app: 'simulation', lang: 'en', random: deps.random };
        const kind = (strange ? 'of.tomorrow' : 'look-back.answered') as 'look-back.answered';
        const content = (strange ? { text } : { items: [] }) as unknown as RecordData['look-back.answered'];
        const made = Array.from({ length: strange ? 1 : 60 }, () => phone.code.newRecord(stamp, kind, null, content));
        for (const { id } of made) this.done.set(id, { person, said: false, strange, passes: false });
        await phone.code.keep(person, made);
        for (const { id } of made) this.done.get(id)!.said = true;
        return `${strange ?? made.length}: saved`;
      },
      step.dies,
    );
  }

  /** Do what takes a phone's records away, and note those that no other phone has. */
  private async losing(phone: Phone, work: () => Promise<unknown>): Promise<void> {
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

  private share(phone: Phone): void {
    for (const dev of phone.devs()) this.shared.add(dev);
  }

  /** Carry out one step; says in a few words what came of it. */
  async step(step: Step): Promise<string> {
    this.luck = new Luck(step.luck);
    this.network.roughness = step.rough;
    this.network.met.length = 0;
    const phone = this.phones[step.phone % this.phones.length]!;
    this.clock.now += this.luck.below(10 * MINUTE);
    const here = phone.people();
    const person = here.length ? here[step.person % here.length]!.id : null;
    const words = await this.carryOut(step, phone, person);
    await this.checkReceipts(phone);
    const who = person ? this.people.find(({ id }) => id === person)?.name : 'nobody';
    return `${phone.name}, ${who}: ${step.do}${words ? ` → ${words}` : ''}${this.network.met.length ? ` [${this.network.met.join('; ')}]` : ''}`;
  }

  private async carryOut(step: Step, phone: Phone, person: string | null): Promise<string> {
    const { luck } = this;
    switch (step.do) {
      case 'time':
        this.clock.now += luck.of([5 * MINUTE, 20 * MINUTE, 61 * MINUTE, DAY, 8 * DAY]);
        return new Date(this.clock.now).toISOString();
      case 'clock':
        phone.skew = luck.of([0, -2 * 365 * DAY, 2 * 365 * DAY, -3_600_000, 3_600_000, 40 * DAY]);
        return `${phone.skew / DAY} days off`;
      case 'full':
        phone.full = !phone.full;
        return String(phone.full);
      case 'connection dies':
        phone.dying = luck.of([1, 2, 3]);
        return String(phone.dying);
      case 'restart':
        phone.open();
        if (this.broken === 'seq-reuse') await this.forgetNumbers(phone);
        return '';
      case 'copy phone':
        phone.copy = phone.takeCopy();
        return '';
      case 'restore phone':
        if (!phone.copy) return 'no copy';
        this.share(phone);
        await this.losing(phone, () => phone.become(phone.copy!));
        this.share(phone);
        return '';
      case 'clone phone': {
        if (this.phones.length >= MOST_PHONES) return 'enough phones';
        this.share(phone);
        const other = new Phone(`${phone.name}'s clone`, this.around);
        await other.become(phone.takeCopy());
        other.cookie = phone.cookie;
        this.phones.push(other);
        return '';
      }
      case 'evicted':
        await this.losing(phone, () => phone.become({ databases: new Map(), files: new Map() }));
        return '';
      case 'caches lost':
        phone.caches.all.clear();
        return '';
      case 'late requests':
        return String(this.network.deliverLate());
      case 'back up':
        this.ask('backup', { name: 'last' });
        return '';
      case 'restore server': {
        const { done } = this.ask<{ done: boolean }>('restore', { name: 'last' });
        if (done) this.restores += 1;
        return done ? '' : 'no backup';
      }
      case 'publish': {
        const key = luck.of(MODULES);
        const number = this.editions.filter((one) => one.key === key).length + 1;
        this.editions.push({ key, number, change: luck.of(['minor', 'major']), at: new Date(this.clock.now).toISOString() });
        this.ask('publish', { editions: this.editions });
        return `${key} ${number}`;
      }
      case 'withdraw': {
        const { key, number } = luck.of(this.editions);
        this.ask('publish', { editions: this.editions });
        this.ask('withdraw', { key, number });
        return `${key} ${number}`;
      }
      case 'join':
        await this.join(phone, luck.of(this.people));
        return '';
    }
    if (person === null) {
      await this.join(phone, luck.of(this.people));
      return 'joined anew';
    }
    switch (step.do) {
      case 'archive':
        this.ask('archive', { person });
        return '';
      case 'sign-in ends':
        for (const { id, dev } of phone.people()) {
          if (id !== person) continue;
          this.ask('end_sign_in', { dev });
          this.ended.add(dev);
        }
        return '';
      case 'sign in':
        if (!phone.full) await this.signIn(phone, person);
        return '';
      case 'remove person': {
        let stake: unknown;
        await this.losing(phone, async () => (stake = await this.on(phone, () => phone.code.removePerson(person))));
        return JSON.stringify(stake);
      }
      case 'refresh':
        return this.refresh(phone, person, step.dies);
      case 'send':
      case 'send now':
      case 'send from two tabs':
        return this.send(phone, step.do === 'send now', step.dies, step.do === 'send from two tabs');
      case 'strange record':
      case 'backlog':
        return this.strangeWork(phone, person, step);
      default:
        return this.learn(phone, person, step);
    }
  }

  /** A record may be shown as sent only if the server had it at that moment. */
  private async checkReceipts(phone: Phone): Promise<void> {
    const unproven = phone.owners().flatMap((owner) => phone.recordsOf(owner)).filter((record) => record.st === 'receipted' && !this.proven.has(record.id)).map((record) => record.id);
    if (!unproven.length) return;
    const missing = this.ask<{ ids: string[] }>('missing', { ids: unproven }).ids;
    for (const id of unproven) this.proven.add(id);
    if (missing.length) throw new Violation(`shown as sent on ${phone.name}, never stored: ${missing.map((id) => id.slice(-6)).join(', ')}`);
  }
}
