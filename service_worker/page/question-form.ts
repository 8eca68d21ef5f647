/** Draw one question of any kind, to be answered by finger, keyboard or voice. It marks nothing and stores nothing. */

import type { Question } from '../core/edition.ts';
import type { Answer } from '../core/records.ts';
import { choiceRows } from './choice-rows.ts';
import { filled, freshId, icon, make } from './elements.ts';
import { matchingRows } from './matching-rows.ts';
import { orderingRows } from './ordering-rows.ts';
import { reflectionBox } from './reflection-box.ts';
import { story } from './story.ts';

export interface Asking<Q extends Question = Question> {
  question: Q;
  /** The attempt's seed: the same order each time. */
  seed: number;
  /** Chosen before, not checked. */
  choice: Answer | undefined;
  /** Words written before. */
  text: string;
  /** The element that names the question for those who listen. */
  labelledBy: string;
  /** Something was chosen; the form is still open. */
  changed(choice: Answer): void;
  /** Words were written. */
  wrote(text: string): void;
}

/** Per chosen key: right or not quite. */
export type Marks = ReadonlyMap<string, 'right' | 'not-quite'>;

export interface Form {
  element: HTMLElement;
  /** Show what was chosen, but take no more. `marks` says of each chosen key what came of it. */
  close(marks?: Marks): void;
}

/** The form of a question: instruction, hint, and its rows. */
export function questionForm(asking: Asking): Form {
  const { question } = asking;
  // A story asks "What next?" at every scene; at the head of it only those who listen need it.
  const hidden = question.kind === 'branching' ? 'bv-hidden' : 'bv-question__instruction';
  const instruction = make('legend', { class: hidden, id: freshId('instruction') }, question.instruction);
  const group = make('fieldset', { class: 'bv-question__group', 'aria-labelledby': `${asking.labelledBy} ${instruction.id}` }, instruction);
  if (question.hint) group.append(hint(question.hint));
  group.append(rowsOf(asking));
  return {
    element: group,
    close: (marks) => {
      group.disabled = true;
      group.classList.add('bv-question__group--closed');
      for (const [key, look] of marks ?? []) mark(group, key, look);
    },
  };
}

/** The sign of a chosen row takes the place of its dot; the words for it are in the feedback. */
function mark(group: HTMLElement, key: string, look: 'right' | 'not-quite'): void {
  const row = [...group.querySelectorAll<HTMLElement>('.bv-answers__row')].find((one) => one.dataset['key'] === key);
  const sign = icon(look === 'right' ? 'tick' : 'updated');
  sign.classList.add('bv-answers__sign', `bv-answers__sign--${look}`);
  row?.prepend(sign);
}

const hint = (html: string): HTMLElement =>
  make('details', { class: 'bv-more bv-question__hint' }, make('summary', { class: 'bv-more__title' }, 'A hint'), make('div', { class: 'bv-more__body' }, filled('p', {}, html)));

function rowsOf(asking: Asking): HTMLElement {
  const { question } = asking;
  switch (question.kind) {
    case 'single':
    case 'truefalse':
    case 'multiple':
      return choiceRows({ ...asking, question });
    case 'ordering':
      return orderingRows({ ...asking, question });
    case 'matching':
      return matchingRows({ ...asking, question });
    case 'reflection':
      return reflectionBox({ ...asking, question });
    case 'branching':
      return story({ ...asking, question });
  }
}

