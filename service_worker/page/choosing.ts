/** What a question shows before it is checked: the order of its rows, and whether enough is chosen. No DOM. */

import type { ChoiceQuestion, Item, MatchingQuestion, Option, OrderingQuestion, Question } from '../core/edition.ts';
import { keysOf, walk } from '../core/marking.ts';
import { shuffled } from '../core/order.ts';
import type { Answer } from '../core/records.ts';

/** Options in the order this attempt shows them. True and false stay as people know them. */
export const optionsShown = (question: ChoiceQuestion, seed: number): Option[] =>
  question.kind === 'truefalse' ? [...question.options] : shuffled(question.options, seed, question.id);

/** The spare answers of a matching question, so that their order tells nothing. */
export const rightShown = (question: MatchingQuestion, seed: number): Item[] => shuffled(question.right, seed, question.id);

/** The keys chosen so far that the question really has. */
export function chosenKeys(question: ChoiceQuestion, choice: Answer | undefined): string[] {
  const known = new Set(question.options.map((option) => option.key));
  return keysOf(choice).filter((key) => known.has(key));
}

/**
 * The items as they stand now: as they were left, or shuffled. The shuffle never starts in the right order, because
 * then there would be nothing to do and no way to say so.
 */
export function itemsShown(question: OrderingQuestion, seed: number, choice: Answer | undefined): Item[] {
  const left = keysOf(choice);
  const byKey = new Map(question.items.map((item) => [item.key, item]));
  if (left.length === byKey.size && new Set(left).size === left.length && left.every((key) => byKey.has(key))) return left.map((key) => byKey.get(key)!);
  const items = shuffled(question.items, seed, question.id);
  const right = question.order ?? question.items.map((item) => item.key);
  if (items.length > 1 && items.every((item, place) => item.key === right[place])) items.push(items.shift()!);
  return items;
}

/** A copy with the item at `from` one place up (-1) or down (1); unchanged at either end. */
export function moved<T>(items: readonly T[], from: number, by: -1 | 1): T[] {
  const copy = [...items];
  const to = from + by;
  if (to < 0 || to >= copy.length) return copy;
  [copy[from], copy[to]] = [copy[to]!, copy[from]!];
  return copy;
}

/** The pairs chosen so far, without keys the question does not have. */
export function pairsChosen(question: MatchingQuestion, choice: Answer | undefined): { [left: string]: string } {
  if (!choice || typeof choice !== 'object' || Array.isArray(choice)) return {};
  const given = choice as { [left: string]: unknown };
  const rights = new Set(question.right.map((item) => item.key));
  const pairs: { [left: string]: string } = {};
  for (const { key } of question.left) {
    const right = given[key];
    if (typeof right === 'string' && rights.has(right)) pairs[key] = right;
  }
  return pairs;
}

/** Is enough chosen for Check to appear? */
export function isReady(question: Question, choice: Answer | undefined): boolean {
  switch (question.kind) {
    case 'single':
    case 'truefalse':
    case 'multiple':
      return chosenKeys(question, choice).length > 0;
    case 'ordering':
      // Without the key nobody knows whether the first order is right already, so it may be given as it stands.
      return choice !== undefined || question.order === undefined;
    case 'matching':
      return Object.keys(pairsChosen(question, choice)).length === question.left.length;
    case 'branching':
      return walk(question, choice).scene.ending !== null;
    case 'reflection':
      return choice !== undefined;
  }
}

/** How a story ended, in words. */
export const endingWords = { good: 'This ended well', 'safe but late': 'Safe, but late', 'try again': 'This could go better' } as const;
