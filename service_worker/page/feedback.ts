/** What to say about an answer that was checked. No DOM. Every answer gets a reason; wrong is a step. */

import type { Question } from '../core/edition.ts';
import { canMark, outcome, walk, wordFor } from '../core/marking.ts';
import type { Answer } from '../core/records.ts';
import { endingWords } from './choosing.ts';

export interface Reason {
  /** What was chosen, as HTML, when there is more than one to tell apart. */
  about: string | null;
  key: string;
  look: 'right' | 'not-quite';
  /** Why, as HTML, or null when the author gave no reason. */
  html: string | null;
}

export interface Feedback {
  /** right, partly, not-quite; saved: there is nothing to mark, or not on this phone. */
  look: 'right' | 'partly' | 'not-quite' | 'saved';
  /** The word that heads it. */
  title: string;
  /** Plain words after the heading. */
  lines: string[];
  reasons: Reason[];
  /** The author's explanation or model points, as HTML. */
  explain: string | null;
  explainTitle: string;
  /** Another go is worth offering. */
  again: boolean;
  /** It has to be right in the end, and is not yet. */
  mustYet: boolean;
}

export const MUST = "This one keeps people safe, so let's get it right together. Read this part again, then have another go.";
export const AFTER_SYNC = 'You will see the answer when this has been sent.';

const titles = { right: "That's right", partly: 'Partly', 'not quite': 'Not quite' } as const;

/** Words and reasons for one try at a question. */
export function feedbackOf(question: Question, answer: Answer): Feedback {
  const none: Feedback = { look: 'saved', title: 'Saved', lines: [], reasons: [], explain: null, explainTitle: 'Why it matters', again: false, mustYet: false };
  if (question.kind === 'reflection') return { ...none, title: 'Your words are saved', explain: explained(question.model ?? question.explain), explainTitle: 'You may have thought of this' };
  if (!canMark(question)) return { ...none, lines: [AFTER_SYNC] };
  const value = outcome(question, answer);
  const word = wordFor(value);
  const said: Feedback = {
    ...none,
    look: word === 'not quite' ? 'not-quite' : word,
    title: titles[word],
    lines: lines(question, answer, value),
    reasons: reasons(question, answer),
    explain: explained(question.explain),
    again: value < 100,
    mustYet: question.must && value < 100,
  };
  if (question.kind === 'branching') {
    const { scene } = walk(question, answer);
    if (scene.ending) said.title = endingWords[scene.ending];
  }
  return said;
}

/** The explanation without a second "Why it matters:", which authors begin it with. */
function explained(html: string | null | undefined): string | null {
  return html ? html.replace(/^(<p>)?\s*Why it matters:\s*(\p{L})/u, (_all, p: string | undefined, letter: string) => (p ?? '') + letter.toUpperCase()) : null;
}

function reasons(question: Question, answer: Answer): Reason[] {
  if (question.kind !== 'single' && question.kind !== 'truefalse' && question.kind !== 'multiple') return [];
  const chosen = Array.isArray(answer) ? answer : [answer];
  return question.options
    .filter((option) => chosen.includes(option.key))
    .map((option) => ({ about: question.kind === 'multiple' ? option.html : null, key: option.key, look: option.right ? 'right' : 'not-quite', html: option.feedback ?? null }));
}

const these = (count: number, one: string, many: string): string => (count === 1 ? one : many.replace('#', String(count)));

function lines(question: Question, answer: Answer, value: number): string[] {
  if (value === 100) return [];
  switch (question.kind) {
    case 'multiple': {
      const chosen = Array.isArray(answer) ? answer : [];
      const missed = question.options.filter((option) => option.right && !chosen.includes(option.key)).length;
      return missed ? [these(missed, 'There is one more to find.', 'There are # more to find.')] : [];
    }
    case 'ordering': {
      const right = (question.order ?? []).filter((key, place) => Array.isArray(answer) && answer[place] === key).length;
      return [right ? these(right, 'One is in its place. Move the others.', '# are in their place. Move the others.') : 'None is in its place yet. What comes first?'];
    }
    case 'matching': {
      const given = (answer ?? {}) as { [left: string]: string };
      const right = Object.entries(question.pairs ?? {}).filter(([left, one]) => given[left] === one).length;
      return [right ? these(right, 'One pair fits. Look at the others again.', '# pairs fit. Look at the others again.') : 'No pair fits yet. Start with the one you are surest of.'];
    }
    default:
      return [];
  }
}
