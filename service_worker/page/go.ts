/**
 * The go at a module that is on screen: its edition, its draft, and the one way to change it. Every change is on the
 * phone before its promise resolves.
 */

import { answer, finish, goTo, goesLeftAt, goesOf, start, type Draft } from '../core/attempt.ts';
import { partOf } from '../core/compose.ts';
import type { Edition, Part } from '../core/edition.ts';
import { firstLookBack } from '../core/ladder.ts';
import { canMark } from '../core/marking.ts';
import { newRecord, type Answer, type Kept, type Stamp } from '../core/records.ts';
import { touchEdition } from '../store/editions.ts';
import { NotSaved } from '../store/open.ts';
import { exportWaiting, type SavedCopy } from '../store/leaving.ts';
import { draft as draftOf, keep, lookBacks, records, saveDraft, state } from '../store/person.ts';
import { placesOf, value, type Person } from '../store/phone.ts';
import { ask, json, sha256Hex } from '../sync/api.ts';
import { offset } from '../sync/clock.ts';
import type { Deps } from '../sync/deps.ts';
import { editionBody, makeRoom, textAddress } from '../sync/editions.ts';
import { personHere } from './opened.ts';
import { soon } from './patience.ts';
import { watch } from './stopwatch.ts';

/** Where the page stands, as its shell says. */
export interface Place {
  module: string;
  edition: number;
  sha: string;
  /** 0 on the end page. */
  part: number;
  parts: number;
}

/**
 * kept: answers are kept. nobody: no person on this phone. rest: three goes were had today. unsure: the phone's storage
 * does not say; each act asks again, and is "not saved" until there is an answer.
 */
export type Mode = 'kept' | 'nobody' | 'rest' | 'unsure';

/** ms the phone's storage has before the page is drawn without what it knows. */
const PATIENCE = 2500;

export function placeOf(main: HTMLElement): Place {
  const { module = '', edition = '', sha = '', part = '', parts = '' } = main.dataset;
  return { module, edition: Number(edition), sha, part: Number(part) || 0, parts: Number(parts) };
}

/** The address of a part of an edition. */
export const partAddress = (place: Pick<Place, 'module' | 'edition'>, part: number | 'end'): string => `/learn/${place.module}/${place.edition}/${part}`;

/** A stamp for what is not a record yet: it does without the server's clock. */
const stampNow = (deps: Deps): Stamp => ({ now: deps.now(), mono: deps.mono(), off: null, app: deps.app, lang: deps.lang, random: deps.random });

export async function stampOf(deps: Deps): Promise<Stamp> {
  const stamp = stampNow(deps);
  return { ...stamp, off: await offset(stamp.now).catch(() => null) };
}

/**
 * The edition with this SHA-256: from this phone, else from the server, verified. Throws NoAnswer without either, and
 * Error for bytes that are not it.
 */
export async function editionOf(deps: Deps, sha: string): Promise<Edition> {
  const here = await soon(deps, editionBody(deps, sha).catch(() => null), PATIENCE, null);
  if (here) return here;
  const found = await ask(deps, textAddress(sha));
  if (found.status !== 200 || (await sha256Hex(deps, found.body)) !== sha) throw new Error('Not the edition that was asked for');
  return json(found) as Edition;
}

/** The person now using this phone, or null, also when the phone's storage fails. */
export async function currentPerson(deps: Pick<Deps, 'now'>): Promise<Person | null> {
  try {
    return await personHere(deps);
  } catch (error) {
    // No storage at all, as in some private windows: the lesson is readable all the same.
    if (error instanceof NotSaved) return null;
    throw error;
  }
}

/** Goes left today at a module. */
export const goesLeftToday = async (deps: Deps, personId: string, module: string): Promise<number> =>
  goesLeftAt({ records: await records(personId), snapshot: await state(personId, 'snapshot'), now: deps.now() }, module);

interface Known {
  who: Person | null;
  mode: Mode;
  running: Draft | undefined;
}

/** At which of their places the person here learns this: what one provider wrote for its own people is no other's business. Throws NotSaved. */
async function learnerOf(deps: Deps, module: string): Promise<Person | null> {
  const who = await personHere(deps);
  if (who) for (const at of await placesOf(who)) if ((await state(at.id, 'catalogue'))?.modules.some(({ key }) => key === module)) return at;
  return who;
}

/** What the phone knows of a go at this module. Throws NotSaved. */
async function knownOf(deps: Deps, module: string): Promise<Known> {
  const who = await learnerOf(deps, module);
  if (!who) return { who, mode: 'nobody', running: undefined };
  const running = await draftOf(who.id, module);
  return { who, mode: running || (await goesLeftToday(deps, who.id, module)) > 0 ? 'kept' : 'rest', running };
}

const whenNotSaved = (error: unknown): null => {
  if (error instanceof NotSaved) return null;
  throw error;
};

export class Go {
  private last: Promise<unknown> = Promise.resolve();
  private readonly pending: ((draft: Draft) => Draft)[] = [];
  private readonly fresh: Draft;
  private readonly spent;

  private constructor(
    private readonly deps: Deps,
    readonly place: Place,
    readonly edition: Edition,
    public person: Person | null,
    public mode: Mode,
    /** As it is now; stored only when `begun`. */
    public draft: Draft,
    /** The draft lies on the phone. One is begun in memory and stored at the first act, so that looking in leaves nothing. */
    public begun: boolean,
  ) {
    this.fresh = draft;
    this.spent = watch(deps.mono);
  }

  /** Take up the running go at this module, or begin one. */
  static async open(deps: Deps, place: Place): Promise<Go> {
    const edition = await editionOf(deps, place.sha);
    const known = await soon(deps, knownOf(deps, place.module).catch(whenNotSaved), PATIENCE, null);
    const { who, mode, running } = known ?? { who: null, mode: 'unsure', running: undefined };
    if (who) touchEdition(place.sha, deps.now()).catch(() => undefined);
    if (running) return new Go(deps, place, edition, who, mode, running, true);
    return new Go(deps, place, edition, who, mode, goTo(start(edition, place.sha, stampNow(deps)), place.part || 1), false);
  }

  /** Whose go it is; asked once more where the phone's storage did not say. Null when it is nobody's. Throws NotSaved. */
  async owner(): Promise<Person | null> {
    if (this.mode === 'unsure') {
      this.person = await learnerOf(this.deps, this.place.module);
      this.mode = this.person ? 'kept' : 'nobody';
    }
    return this.mode === 'kept' ? this.person : null;
  }

  get part(): Part | null {
    return partOf(this.edition, this.place.part);
  }

  /** The address to go on at, when the running go is at another edition than this page: it keeps its own. */
  elsewhere(part: number | 'end' = this.draft.part || 1): string | null {
    return this.begun && this.draft.edition !== this.place.edition ? partAddress(this.draft, part) : null;
  }

  /** Come to the part on screen. */
  arrive(): Promise<void> {
    return this.begun && this.place.part && this.draft.part !== this.place.part ? this.save((draft) => draft) : Promise.resolve();
  }

  /**
   * Change the draft and store it, one change after the other. The part is the one on screen unless `part` says
   * otherwise. Resolves once it is stored (at once when nothing is kept); throws NotSaved, and then the change waits in
   * memory for the next one.
   */
  save(change: (draft: Draft) => Draft, part = this.place.part): Promise<void> {
    const seconds = this.spent();
    const step = (draft: Draft): Draft => goTo(change(draft), part || draft.part, seconds);
    this.draft = step(this.draft);
    if (this.mode === 'nobody' || this.mode === 'rest') return Promise.resolve();
    this.pending.push(step);
    const storing = this.last.then(() => this.store());
    this.last = storing.catch(() => undefined);
    return storing;
  }

  private async store(): Promise<void> {
    const steps = [...this.pending];
    const id = (await this.owner())?.id;
    if (!steps.length || id === undefined) return;
    // A page the browser kept aside, or a second tab, may be behind: the change is made to what is stored now.
    const stored = await draftOf(id, this.place.module);
    const base = stored ?? (this.begun ? start(this.edition, this.place.sha, stampNow(this.deps)) : this.fresh);
    await saveDraft(id, steps.reduce((draft, step) => step(draft), base), this.room().makeRoom);
    this.pending.splice(0, steps.length);
    this.begun = true;
  }

  /** Give an answer to the question. */
  give(question: string, given: Answer): Promise<void> {
    return this.save((draft) => answer(draft, question, given));
  }

  /** Keep that the lesson on screen was read, once a go. Throws NotSaved. */
  async read(seconds: number): Promise<void> {
    const part = this.part;
    const who = part?.kind === 'lesson' ? await this.owner() : null;
    if (!who || part?.kind !== 'lesson') return;
    const mine = await records(who.id);
    const noted = mine.some((record) => {
      const data = record.data as { module?: string; lesson?: string };
      return record.kind === 'lesson.read' && record.edition === this.draft.sha && data.lesson === part.id && record.at >= this.draft.started;
    });
    if (noted) return;
    const data = { module: this.place.module, edition_no: this.place.edition, lesson: part.id, part: this.place.part, seconds: Math.min(3600, Math.round(seconds)) };
    await keep(who.id, [newRecord(await stampOf(this.deps), 'lesson.read', this.draft.sha, data)], this.room());
  }

  /**
   * Finish: keep what the go leaves behind and delete its draft, in one step, once even when two tabs come to the end
   * together. Returns the record of the answers, or null when another tab was first. Throws NotSaved.
   */
  async finish(): Promise<Kept<'quiz.answered'> | null> {
    const who = this.person;
    const stored = who && (await draftOf(who.id, this.place.module));
    if (!who || stored?.attempt !== this.draft.attempt) return null;
    const stamp = await stampOf(this.deps);
    const left = finish(this.edition, stored, stamp);
    const known = new Set((await lookBacks(who.id)).map((one) => `${one.module}/${one.question}`));
    const again = this.edition.parts.flatMap((part) =>
      part.kind === 'question' && ['single', 'multiple', 'truefalse'].includes(part.question.kind) && canMark(part.question) && !known.has(`${this.place.module}/${part.question.id}`)
        ? [firstLookBack(this.place.module, part.question.id, stamp.now)]
        : [],
    );
    const kept = await keep(who.id, left.records, { finishes: stored, notes: left.notes, lookBacks: again, ...this.room() });
    return goesOf(kept)[0] ?? null;
  }

  private room(): { makeRoom: () => Promise<unknown> } {
    return { makeRoom: () => makeRoom(this.deps) };
  }

  /** Everything not yet sent, with the go on screen as it is in memory: for "Save a copy" when storing fails. */
  async copy(): Promise<SavedCopy> {
    const id = this.person?.id ?? '';
    const made = await exportWaiting(id, (await value('server').catch(() => undefined)) ?? null, this.deps.now()).catch(
      (): SavedCopy => ({ format: 'between-visits-records', v: 1, server: null, person: { id, name: this.person?.name ?? '' }, made: new Date(this.deps.now()).toISOString(), records: [], drafts: [] }),
    );
    return { ...made, drafts: [...made.drafts.filter((draft) => draft.module !== this.place.module), this.draft] };
  }
}
