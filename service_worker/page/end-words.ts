/** What the end of a module says: in words, not in scores. No DOM. */

import type { Catalogue, CatalogueModule, Snapshot } from '../core/api.ts';
import { goesOf } from '../core/attempt.ts';
import type { Result } from '../core/marking.ts';
import type { Kept } from '../core/records.ts';
import { isDone } from '../core/status.ts';
import { minutes } from './say.ts';

/** "It took 4 minutes." Nothing for a go whose time was not measured. */
export function took(seconds: number): string {
  if (seconds <= 0) return '';
  const spent = Math.round(seconds / 60);
  return `It took ${spent ? minutes(spent) : 'less than a minute'}.`;
}

export interface Outcome {
  key: 'read' | 'passed' | 'pending' | 'again' | 'tomorrow';
  words: string;
  /** Another go may begin now. */
  again: boolean;
}

/** What came out of a go. `left` are the goes left today. */
export function outcomeWords(result: Result, left: number): Outcome {
  if (!result.questions.length && !result.pending.length) return { key: 'read', words: 'You have read it all.', again: false };
  if (result.pending.length) return { key: 'pending', words: 'Saved. You will see the answers here when this has been sent.', again: false };
  if (result.passed) return { key: 'passed', words: 'You know this. It counts.', again: false };
  const why = result.questions.every((question) => question.last === 100) ? 'You got it right in the end. It counts once most of it is right at the first try.' : 'Not there yet.';
  if (left < 1) return { key: 'tomorrow', words: `${why} Have another go tomorrow. You can read it again at any time.`, again: false };
  const goes = left === 1 ? 'You have one more go today.' : `You have ${left} more goes today.`;
  return { key: 'again', words: `${why} Have another go, now or later. ${goes}`, again: true };
}

export interface Left {
  standard: { number: number; title: string } | null;
  /** Other modules of the same topic that this person was asked to take and has still to do, soonest due first. */
  modules: CatalogueModule[];
  /** Somebody has still to see it done at work. */
  watching: boolean;
}

/** What is left for the standard a module belongs to. `own` are this phone's records: they may be ahead of the snapshot. */
export function leftFor(module: string, criteria: readonly string[], catalogue: Catalogue | undefined, snapshot: Snapshot | undefined, own: readonly Kept[]): Left {
  const topic = catalogue?.modules.find((one) => one.key === module)?.topic;
  const number = catalogue?.topics.find((one) => one.key === topic)?.standard ?? numberOf(criteria);
  const standard = snapshot?.standards.find((one) => one.number === number) ?? null;
  const finished = new Set(goesOf(own).map(({ data }) => data.module));
  const modules = (catalogue?.modules ?? [])
    .filter((one) => topic !== undefined && one.topic === topic && one.key !== module && one.assigned)
    .filter((one) => !finished.has(one.key) && !isDone(snapshot?.modules[one.key]?.status))
    .sort((one, other) => ((one.due ?? '9999') < (other.due ?? '9999') ? -1 : 1));
  return {
    standard: standard && { number: standard.number, title: standard.title },
    modules,
    watching: snapshot?.modules[module]?.status === 'needs-watching' || (standard !== null && standard.shown.done < standard.shown.of),
  };
}

/** "13.1a" belongs to standard 13. */
function numberOf(criteria: readonly string[]): number | null {
  const number = Number.parseInt(criteria[0] ?? '', 10);
  return Number.isNaN(number) ? null : number;
}
