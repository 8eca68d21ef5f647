/** A go at a module: begun, put down, taken up again, finished. Nothing here stores anything; every step gives a new draft. */

import type { Snapshot } from './api.ts';
import { questions, type Edition } from './edition.ts';
import { newId, newRecord, type Answer, type Decision, type Kept, type Method, type NewRecord, type Stamp } from './records.ts';

export const GOES_A_DAY = 3;

/** A running attempt, written to the phone at each tap so that stopping is safe. */
export interface Draft {
  module: string;
  edition: number;
  sha: string;
  attempt: string;
  /** uint32; fixes the order answers are shown in. */
  seed: number;
  started: string;
  /** The part now on screen, from 1. */
  part: number;
  answers: { [question: string]: Answer[] };
  /** Chosen but not yet checked. */
  choosing: { [question: string]: Answer };
  /** Words written so far. */
  text: { [question: string]: string };
  /** Time spent with the module on screen. */
  seconds: number;
}

/** An observation half written: it lies beside the goes, and is told from them by having no edition. */
export interface Watching {
  module: string;
  /** The id the record will have. */
  attempt: string;
  started: string;
  sha: '';
  learner: { id: string; name: string };
  standard: number;
  method: Method;
  seen_on: string;
  decisions: { [code: string]: Decision };
  /** What was seen, for all of it and for single criteria. */
  saw: string;
  sawOf: { [code: string]: string };
  next_step: string;
  next_on: string;
}

/** A word on somebody's observation, half written. */
export interface Answering {
  module: string;
  attempt: string;
  started: string;
  sha: '';
  comment: string;
}

/** A private note: words only the learner reads. They stay on this phone. */
export interface Note {
  module: string;
  question: string;
  text: string;
  at: string;
}

/** Begin a go at an edition whose SHA-256 is `sha`. */
export function start(edition: Edition, sha: string, stamp: Stamp): Draft {
  const [a, b, c, d] = stamp.random(4) as unknown as [number, number, number, number];
  return {
    module: edition.key,
    edition: edition.edition,
    sha,
    attempt: newId(stamp.now, stamp.random),
    seed: ((a << 24) | (b << 16) | (c << 8) | d) >>> 0,
    started: new Date(stamp.now).toISOString(),
    part: 1,
    answers: {},
    choosing: {},
    text: {},
    seconds: 0,
  };
}

/** Keep a choice that was not checked yet. */
export function choose(draft: Draft, question: string, choice: Answer): Draft {
  return { ...draft, choosing: { ...draft.choosing, [question]: choice } };
}

/** Keep words as they are being written. */
export function write(draft: Draft, question: string, text: string): Draft {
  return { ...draft, text: { ...draft.text, [question]: text } };
}

/** Give an answer: one more try at the question; the unfinished choice is used up. */
export function answer(draft: Draft, question: string, given: Answer): Draft {
  const { [question]: _used, ...choosing } = draft.choosing;
  return { ...draft, choosing, answers: { ...draft.answers, [question]: [...(draft.answers[question] ?? []), given] } };
}

/** Move to a part and add the time spent since the last step (never less than nothing, at most 10 minutes a step). */
export function goTo(draft: Draft, part: number, secondsSpent = 0): Draft {
  return { ...draft, part, seconds: draft.seconds + Math.max(0, Math.min(600, Math.round(secondsSpent))) };
}

/** First part whose question still has no answer, or null: a finish that skipped nothing. */
export function firstUnanswered(edition: Edition, draft: Draft): number | null {
  const place = edition.parts.findIndex((part) => part.kind === 'question' && !part.question.practise && !draft.answers[part.question.id]?.length);
  return place < 0 ? null : place + 1;
}

/**
 * What a finished go leaves behind: one record of all answers, one for each reflection that was written, and the
 * words nobody else may read as notes. All are kept in one step with deleting the draft.
 */
export function finish(edition: Edition, draft: Draft, stamp: Stamp): { records: NewRecord[]; notes: Note[] } {
  const module = draft.module;
  const edition_no = draft.edition;
  const records: NewRecord[] = [
    newRecord(stamp, 'quiz.answered', draft.sha, {
      module,
      edition_no,
      attempt: draft.attempt,
      seed: draft.seed,
      started: draft.started,
      seconds: draft.seconds,
      answers: draft.answers,
    }),
  ];
  const notes: Note[] = [];
  for (const question of questions(edition)) {
    const text = draft.text[question.id]?.trim();
    if (question.kind !== 'reflection' || !text) continue;
    const alone = question.shared_with === 'only me';
    if (alone) notes.push({ module, question: question.id, text, at: new Date(stamp.now).toISOString() });
    records.push(newRecord(stamp, 'reflection.saved', draft.sha, { module, edition_no, question: question.id, shared_with: question.shared_with, text: alone ? null : text }));
  }
  return { records, notes };
}

const day = (time: number): string => new Date(time).toDateString();

/**
 * Goes left today: three a day by the phone's own calendar; a manager's reset starts the count anew.
 *
 * `finished` are the ISO times of finished goes at one module, `reset` the ISO time of the latest reset. Only the
 * phone asks: the server takes every attempt.
 */
export function goesLeft(finished: readonly string[], reset: string | null | undefined, now: number): number {
  const since = reset ? Date.parse(reset) : 0;
  const today = finished.filter((at) => day(Date.parse(at)) === day(now) && Date.parse(at) > since);
  return Math.max(0, GOES_A_DAY - today.length);
}

/** The finished goes among these records, at one module or at any. */
export const goesOf = (all: readonly Kept[], module?: string): Kept<'quiz.answered'>[] =>
  (all as readonly Kept<'quiz.answered'>[]).filter(({ kind, data }) => kind === 'quiz.answered' && (module ?? data.module) === data.module);

/** What a phone knows of goes: its own records, and what the server told last. `now` is phone time in ms. */
export interface Known {
  records: readonly Kept[];
  snapshot: Snapshot | undefined;
  now: number;
}

/** The times of finished goes at a module, on this phone and elsewhere. */
export function finishedAt({ records, snapshot }: Known, module: string): string[] {
  const own = goesOf(records, module);
  const ids = new Set(own.map((record) => record.id));
  const elsewhere = (snapshot?.results ?? []).filter((result) => result.module === module && !ids.has(result.record));
  return [...own, ...elsewhere].map((one) => one.at);
}

/** Goes left today at a module. */
export const goesLeftAt = (known: Known, module: string): number => goesLeft(finishedAt(known, module), known.snapshot?.resets[module], known.now);
