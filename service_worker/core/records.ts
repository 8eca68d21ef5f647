/** What a learner did, as it is kept on the phone and sent. A record is never changed once kept; only its local part moves. */

import { hex } from './count.ts';

export interface RecordData {
  'lesson.read': { module: string; edition_no: number; lesson: string; part: number; seconds: number };
  'quiz.answered': {
    module: string;
    edition_no: number;
    attempt: string;
    seed: number;
    started: string;
    seconds: number;
    /** Per question, every try in order. */
    answers: { [question: string]: Answer[] };
  };
  /** `text` is null when only the learner may read it: those words stay in `notes` on this phone. */
  'reflection.saved': {
    module: string;
    edition_no: number;
    question: string;
    shared_with: 'assessor' | 'only me';
    text: string | null;
  };
  /** A goal of one's plan as it is from now on; no words take one's own off. `by` is a day, YYYY-MM-DD. */
  'goal.saved': { goal: string; text: string; by: string | null; done: boolean };
  /** What is done with a message: nothing more, or nothing this week. */
  'notice.read': { message: string };
  'nudge.put-off': { message: string };
  'look-back.answered': { items: { module: string; sha: string; question: string; answer: Answer; outcome: number }[] };
  /** What an assessor saw, on the assessor's phone. Days are YYYY-MM-DD; both `next` are there when anything is "not-yet". */
  'observation.made': {
    learner: string;
    framework: string;
    standard: number;
    method: Method;
    seen_on: string;
    decisions: { code: string; decision: Decision; saw: string }[];
    next_step: string | null;
    next_on: string | null;
    short: string;
  };
  /** What the learner says to it, on the learner's own phone. One of the first two is known; either may be first to arrive. `saw` is the digest of what was on the screen. */
  'observation.confirmed': { observation: string | null; short: string | null; agrees: boolean; comment: string | null; saw?: string | null };
  'observation.withdrawn': { observation: string; reason: string };
}

export type Method = 'observation' | 'discussion' | 'product' | 'simulation';
export type Decision = 'yes' | 'not-yet' | 'not-seen';

export type Kind = keyof RecordData;

/**
 * single, truefalse `"b"`; multiple `["a","c"]`; ordering `["c","a","b"]`; matching `{"a":"p"}`; reflection
 * `{"written":true}`; branching `["scene-x.1"]`.
 */
export type Answer = string | string[] | { [left: string]: string } | { written: boolean };

/** The envelope that is sent. `mono` and `off` are milliseconds; `at` is the phone's own clock, which may be wrong. */
export interface Envelope<K extends Kind = Kind> {
  id: string;
  v: 1;
  kind: K;
  dev: string;
  seq: number;
  at: string;
  mono: number;
  off: number | null;
  edition: string | null;
  app: string;
  lang: string;
  data: RecordData[K];
}

/** A record before it has its place in the outbox: `keep` gives it its phone and number. */
export type NewRecord<K extends Kind = Kind> = Omit<Envelope<K>, 'dev' | 'seq'>;

export type ReceiptWord = 'stored' | 'duplicate' | 'held' | 'refused';

/** What only this phone knows about a record. There is no "sending": a crash must not strand anything. */
export interface Local {
  st: 'kept' | 'receipted' | 'refused';
  /** How often sending it failed, and the phone time before which it is not tried again (0: now). */
  tries: number;
  next: number;
  /** Phone time in ms of the first failure since it was kept; null while nothing failed. */
  since: number | null;
  /** The receipt: its word, its code when there is one, and the server's time. */
  r: ReceiptWord | null;
  code: string | null;
  received: string | null;
  /** What the server made of it, as it came with the receipt. */
  result?: unknown;
}

export type Kept<K extends Kind = Kind> = Envelope<K> & Local;

/** What the surroundings supply when a record is made. */
export interface Stamp {
  /** Phone clock, ms since 1970. */
  now: number;
  /** A clock that never jumps, ms. */
  mono: number;
  /** Server clock minus phone clock in ms, when known. */
  off: number | null;
  app: string;
  lang: string;
  random(bytes: number): Uint8Array;
}

let lastMs = 0;
let lastCount = 0;

/**
 * A UUID version 7 (RFC 9562) that sorts after every id made before it here, even within one millisecond or after
 * the clock went back.
 *
 * `now` is ms since 1970; `random(10)` gives 10 random bytes. A clock set back makes ids carry the later time seen.
 */
export function newId(now: number, random: (bytes: number) => Uint8Array): string {
  const bytes = new Uint8Array(16);
  bytes.set(random(10), 6);
  const fresh = Math.floor(now);
  if (fresh > lastMs) {
    lastMs = fresh;
    // Half of the counter stays free, so a burst of ids has room.
    lastCount = ((bytes[6]! & 0x07) << 8) | bytes[7]!;
  } else if (++lastCount > 0xfff) {
    lastMs += 1;
    lastCount = 0;
  }
  for (let index = 0, rest = lastMs; index < 6; index += 1, rest = Math.floor(rest / 256)) bytes[5 - index] = rest % 256;
  bytes[6] = 0x70 | (lastCount >> 8);
  bytes[7] = lastCount & 0xff;
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Make a record of what just happened. `edition` is the sha the learner saw, or null when no edition was involved. */
export function newRecord<K extends Kind>(stamp: Stamp, kind: K, edition: string | null, data: RecordData[K]): NewRecord<K> {
  return {
    id: newId(stamp.now, stamp.random),
    v: 1,
    kind,
    at: new Date(stamp.now).toISOString(),
    mono: Math.round(stamp.mono),
    off: stamp.off,
    edition,
    app: stamp.app,
    lang: stamp.lang,
    data,
  };
}

/** The part of a kept record that is sent, its fields in a fixed order so that the same record is always the same text. */
export function envelope(kept: Kept): Envelope {
  const { id, v, kind, dev, seq, at, mono, off, edition, app, lang, data } = kept;
  return { id, v, kind, dev, seq, at, mono, off, edition, app, lang, data };
}
