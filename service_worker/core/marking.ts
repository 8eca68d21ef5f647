/** Marking, as the server does it: both run tests/contract/marking. The server's result is the one that counts. */

import { questions, type BranchingQuestion, type Edition, type Question, type Scene } from './edition.ts';
import type { Answer } from './records.ts';

export interface QuestionResult {
  id: string;
  /** Outcomes 0..100 of the first and the last try; 0 when there was none. */
  first: number;
  last: number;
  tries: number;
}

export interface Result {
  /** Mean of first tries, rounded down, 0..100. */
  score: number;
  passed: boolean;
  questions: QuestionResult[];
  /** Answered ids this edition does not have: not marked, but not hidden either. */
  unknown: string[];
  /** Questions only the server can mark (feedback after sync). While there are any, nothing is called passed. */
  pending: string[];
}

const endings = { good: 100, 'safe but late': 50, 'try again': 0 };

const isKeys = (answer: unknown): answer is string[] =>
  Array.isArray(answer) && answer.every((key) => typeof key === 'string') && new Set(answer).size === answer.length;

export const keysOf = (choice: Answer | null | undefined): string[] =>
  Array.isArray(choice) ? choice.filter((key) => typeof key === 'string') : typeof choice === 'string' ? [choice] : [];

export interface Walk {
  /** Choice keys that lead from the start to `scene`; a key that leads nowhere ends the walk before it. */
  path: string[];
  scene: Scene;
  /** The choice just made, or null at the start. */
  last: Scene['choices'][number] | null;
}

/** Follow a story along `choice` as far as it goes. */
export function walk(question: BranchingQuestion, choice: Answer | null | undefined): Walk {
  const scenes = new Map(question.scenes.map((scene) => [scene.key, scene]));
  const here: Walk = { path: [], scene: scenes.get(question.start) ?? question.scenes[0]!, last: null };
  for (const key of keysOf(choice)) {
    const taken = here.scene.choices.find((one) => one.key === key);
    const next = taken && scenes.get(taken.to);
    if (!next) break;
    here.path.push(key);
    here.scene = next;
    here.last = taken;
  }
  return here;
}

/** Does this phone hold what it takes to mark the question? Reflections are never marked. */
export function canMark(question: Question): boolean {
  switch (question.kind) {
    case 'reflection':
      return false;
    case 'ordering':
      return question.order !== undefined;
    case 'matching':
      return question.pairs !== undefined;
    case 'branching':
      return true;
    default:
      return question.options.some((option) => option.right !== undefined);
  }
}

/** Outcome of one try, a whole number 0..100. What cannot be read scores 0 and is never an error. */
export function outcome(question: Question, answer: Answer | null | undefined): number {
  switch (question.kind) {
    case 'single':
    case 'truefalse':
      return question.options.some((option) => option.right && option.key === answer) ? 100 : 0;
    case 'multiple': {
      const right = question.options.filter((option) => option.right).map((option) => option.key);
      const known = new Set(question.options.map((option) => option.key));
      if (!isKeys(answer) || !right.length || !answer.every((key) => known.has(key))) return 0;
      const hits = answer.filter((key) => right.includes(key)).length;
      return Math.floor((Math.max(0, hits - (answer.length - hits)) * 100) / right.length);
    }
    case 'ordering': {
      const order = question.order ?? [];
      if (!isKeys(answer) || !order.length || answer.length !== order.length || !answer.every((key) => order.includes(key))) return 0;
      return Math.floor((order.filter((key, place) => answer[place] === key).length * 100) / order.length);
    }
    case 'matching': {
      const pairs = Object.entries(question.pairs ?? {});
      if (!answer || typeof answer !== 'object' || Array.isArray(answer) || !pairs.length) return 0;
      const given = answer as { [left: string]: unknown };
      return Math.floor((pairs.filter(([left, right]) => Object.hasOwn(given, left) && given[left] === right).length * 100) / pairs.length);
    }
    case 'branching': {
      const { path, scene } = walk(question, answer);
      return Array.isArray(answer) && path.length === answer.length && scene.ending ? endings[scene.ending] : 0;
    }
    case 'reflection':
      return 0;
  }
}

/** Right, partly, or not quite: the word for an outcome on screen. */
export function wordFor(value: number): 'right' | 'partly' | 'not quite' {
  return value === 100 ? 'right' : value > 0 ? 'partly' : 'not quite';
}

/** Mark an attempt against the edition it was made with. An unanswered question scores nothing and is not an error. */
export function mark(edition: Edition, answers: { [question: string]: Answer[] }): Result {
  const all = questions(edition);
  const known = new Set(all.map((question) => question.id));
  const result: Result = { score: 100, passed: true, questions: [], unknown: [], pending: [] };
  const scored: number[] = [];
  for (const question of all) {
    if (question.kind === 'reflection') continue;
    const own: unknown = Object.hasOwn(answers, question.id) ? answers[question.id] : [];
    const tries: Answer[] = Array.isArray(own) ? own : [];
    if (!canMark(question)) {
      result.pending.push(question.id);
      continue;
    }
    const first = tries.length ? outcome(question, tries[0]) : 0;
    const last = tries.length ? outcome(question, tries[tries.length - 1]) : 0;
    result.questions.push({ id: question.id, first, last, tries: tries.length });
    if (!question.practise) scored.push(first);
    if (question.must && last < 100) result.passed = false;
  }
  if (scored.length) result.score = Math.floor(scored.reduce((sum, value) => sum + value, 0) / scored.length);
  if (result.pending.length || (edition.pass !== null && result.score < edition.pass)) result.passed = false;
  result.unknown = Object.keys(answers).filter((id) => !known.has(id)).sort();
  return result;
}
