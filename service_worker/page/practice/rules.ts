/** What makes an observation ready to be kept, and what became of those that were. No DOM. */

import type { Criterion, ObservationState, Practice } from '../../core/api.ts';
import type { Watching } from '../../core/attempt.ts';
import { shownAs } from '../../core/outbox.ts';
import type { Decision, Kept, Method, RecordData } from '../../core/records.ts';

/** The server takes so many letters of what was seen, for each criterion. */
export const MOST_SAW = 500;

export const METHODS: readonly (readonly [Method, string, string])[] = [
  ['observation', 'I watched', 'At work, as it happened.'],
  ['discussion', 'We talked', 'They told me how they did it, and why.'],
  ['product', 'I looked at their work', 'Such as a record they wrote.'],
  ['simulation', 'A practice run', 'Only where it cannot be seen in real work.'],
];

/** The day it is on this phone, YYYY-MM-DD. `now` is phone time in ms. */
export function today(now: number): string {
  const date = new Date(now);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** One observation of a learner's standard is half written at a time: taking it up again goes on with it. */
export const draftKey = (learner: string, standard: number): string => `practice-${learner}-${standard}`;

/** Begin an observation of a learner. `id` will be the record's; `now` is phone time in ms. */
export const begin = (id: string, learner: Watching['learner'], standard: number, now: number): Watching => ({
  module: draftKey(learner.id, standard),
  attempt: id,
  started: new Date(now).toISOString(),
  sha: '',
  learner,
  standard,
  method: 'observation',
  seen_on: today(now),
  decisions: {},
  saw: '',
  sawOf: {},
  next_step: '',
  next_on: '',
});

/** The criteria that may be shown by this method. */
export const allowed = (criteria: readonly Criterion[], method: Method): Criterion[] => criteria.filter((one) => method !== 'simulation' || one.simulation);

export interface Problem {
  /** The field it is about. */
  field: 'decisions' | 'seen_on' | 'next_step' | 'next_on' | 'saw';
  words: string;
}

/** What is still missing. `now` is phone time in ms. */
export function problemsOf(watching: Watching, criteria: readonly Criterion[], now: number): Problem[] {
  const decided = decisionsOf(watching, criteria);
  const problems: Problem[] = [];
  if (!watching.seen_on) problems.push({ field: 'seen_on', words: 'Choose the day you saw it.' });
  else if (watching.seen_on > today(now)) problems.push({ field: 'seen_on', words: 'That day is still to come. Choose the day you saw it.' });
  if (!decided.some(({ decision }) => decision !== 'not-seen')) problems.push({ field: 'decisions', words: 'Choose Yes or Not yet for one at least.' });
  if (decided.some(({ decision, saw }) => decision !== 'not-seen' && !saw)) problems.push({ field: 'saw', words: 'Write what you saw.' });
  if (needsNext(watching, criteria)) {
    if (!watching.next_step.trim()) problems.push({ field: 'next_step', words: 'Write the next step, as there is a Not yet.' });
    if (!watching.next_on) problems.push({ field: 'next_on', words: 'Choose the day to look again, as there is a Not yet.' });
    else if (watching.next_on <= watching.seen_on) problems.push({ field: 'next_on', words: 'Choose a later day than the one you saw it.' });
  }
  return problems;
}

/** Not yet is no end: it needs a next step, and a day. */
export const needsNext = (watching: Watching, criteria: readonly Criterion[]): boolean => decisionsOf(watching, criteria).some(({ decision }) => decision === 'not-yet');

/** What was decided, in the framework's own order, each with its own words or else those for all of it. */
export const decisionsOf = (watching: Watching, criteria: readonly Criterion[]): { code: string; decision: Decision; saw: string }[] =>
  allowed(criteria, watching.method).flatMap(({ code }) => {
    const decision = watching.decisions[code];
    const saw = (watching.sawOf[code]?.trim() || watching.saw.trim()).slice(0, MOST_SAW);
    return decision ? [{ code, decision, saw: decision === 'not-seen' ? '' : saw }] : [];
  });

/** The data of the record. */
export function dataOf(watching: Watching, framework: string, criteria: readonly Criterion[], short: string): RecordData['observation.made'] {
  const { learner, standard, method, seen_on } = watching;
  const next = needsNext(watching, criteria);
  return { learner: learner.id, framework, standard, method, seen_on, decisions: decisionsOf(watching, criteria), next_step: next ? watching.next_step.trim() : null, next_on: next ? watching.next_on : null, short };
}

const NAME = /\b(?:Mr|Mrs|Miss|Ms|Dr)\b\.?\s+\p{Lu}/u;
const POSTCODE = /\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b/;
const STREET = /\b\d{1,4}[A-Za-z]?,?\s+(?:\p{Lu}[\p{L}'’]+\s+){1,3}(?:Street|St|Road|Rd|Lane|Avenue|Close|Drive|Way|Court)\b/u;

/** Do these words look as if somebody could be known by them? Only what can be told simply: it is a hint, no more. */
export const namesSomebody = (text: string): boolean => NAME.test(text) || POSTCODE.test(text) || STREET.test(text);

export interface Seen {
  id: string;
  learner: Watching['learner'];
  standard: number;
  seen_on: string;
  decisions: readonly { code: string; decision: Decision }[];
  short: string;
  /** Where it lies: on this phone only, refused, held by the server, or taken in. */
  place: 'waiting' | 'not-sent' | 'held' | 'sent';
  state: ObservationState;
  /** It was taken back on this phone, and the server may not know. */
  takenBack: boolean;
  comment: string | null;
  /** The learner confirmed something else than what the server has. */
  other?: boolean | undefined;
  record: Kept<'observation.made'> | null;
}

const isMade = (record: Kept): record is Kept<'observation.made'> => record.kind === 'observation.made';
const isWithdrawn = (record: Kept): record is Kept<'observation.withdrawn'> => record.kind === 'observation.withdrawn';

/** All this person observed: what the server tells, and on top of it what this phone did since. The newest first. */
export function seenBy(practice: Practice | undefined, own: readonly Kept[], now: number): Seen[] {
  const told = new Map((practice?.mine ?? []).map((one) => [one.id, one]));
  const back = new Set(own.filter(isWithdrawn).map((record) => record.data.observation));
  const named = new Map([...(practice?.people ?? []), ...(practice?.mine ?? []).map((one) => one.learner)].map((one) => [one.id, one.name]));
  const made = own.filter(isMade);
  const here = made.map((record): Seen => {
    const { learner, standard, seen_on, decisions, short } = record.data;
    const known = told.get(record.id);
    return { id: record.id, learner: { id: learner, name: named.get(learner) ?? 'Somebody' }, standard, seen_on, decisions, short, place: known ? 'sent' : shownAs(record, now), state: known?.state ?? 'waiting-for-learner', takenBack: back.has(record.id), comment: known?.comment ?? null, other: known?.other, record };
  });
  const ids = new Set(made.map((record) => record.id));
  const elsewhere = [...told.values()].filter((one) => !ids.has(one.id)).map((one): Seen => ({ ...one, place: 'sent', takenBack: back.has(one.id), record: null }));
  return [...here, ...elsewhere].sort((one, other) => (one.seen_on !== other.seen_on ? (one.seen_on < other.seen_on ? 1 : -1) : one.id < other.id ? 1 : -1));
}

/** How many of a standard's criteria this assessor has seen shown by a learner, waiting ones counted. */
export function shownTo(seen: readonly Seen[], learner: string, criteria: readonly Criterion[]): number {
  const latest = new Map<string, Decision>();
  // The newest comes first: the first word on a criterion is the last that was said.
  for (const one of seen) {
    if (one.learner.id !== learner || one.takenBack || !['counts', 'waiting-for-learner'].includes(one.state)) continue;
    for (const { code, decision } of one.decisions) if (decision !== 'not-seen' && !latest.has(code)) latest.set(code, decision);
  }
  return criteria.filter(({ code }) => latest.get(code) === 'yes').length;
}

type Sign = readonly [words: string, picture: string, colour: 'soft' | 'done' | 'due' | 'late' | 'wait'];

/** In words, a picture and a colour: where an observation stands. `first` is the learner's first name. */
export function standingOf({ place, state, takenBack, other }: Pick<Seen, 'place' | 'state' | 'takenBack' | 'other'>, first: string): Sign {
  if (takenBack || state === 'withdrawn') return ['Taken back', 'dash', 'soft'];
  if (place === 'waiting') return ['Saved on this phone, waiting to send', 'clock', 'wait'];
  if (place === 'not-sent') return ['Not sent', 'triangle', 'late'];
  if (place === 'held') return ['Sent. Somebody looks at it.', 'clock', 'wait'];
  switch (state) {
    case 'counts':
      return [`${first} confirmed it`, 'tick', 'done'];
    case 'disagreed':
      return [other ? `${first} confirmed something else` : `${first} sees it differently`, 'triangle', 'due'];
    case 'out-of-scope':
      return ['You were not asked to watch this standard', 'triangle', 'late'];
    case 'own-practice':
      return ['Your own work: somebody else has to see it', 'eye', 'wait'];
    default:
      return [`Sent. Waiting for ${first}.`, 'clock', 'wait'];
  }
}
