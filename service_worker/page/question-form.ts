/** Draw one question of any kind, to be answered by finger, keyboard or voice. It marks nothing and stores nothing. */

import type { Question } from '../core/edition.ts';
import type { Answer } from '../core/records.ts';
import { choiceRows } from './choice-rows.ts';
import { filled, freshId, make } from './elements.ts';
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

export interface Form {
  element: HTMLElement;
  /** Show what was chosen, but take no more. */
  close(): void;
}

/** The form of a question: instruction, hint, and its rows. */
export function questionForm(asking: Asking): Form {
  const { question } = asking;
  const instruction = make('legend', { class: 'bv-question__instruction', id: freshId('instruction') }, question.instruction);
  const group = make('fieldset', { class: 'bv-question__group', 'aria-labelledby': `${asking.labelledBy} ${instruction.id}` }, instruction);
  if (question.hint) group.append(hint(question.hint));
  group.append(rowsOf(asking));
  return {
    element: group,
    close: () => {
      group.disabled = true;
      group.classList.add('bv-question__group--closed');
    },
  };
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

