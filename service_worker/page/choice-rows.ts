/** Pick one, pick all, true or false: big rows, each one target. */

import type { ChoiceQuestion } from '../core/edition.ts';
import { chosenKeys, optionsShown } from './choosing.ts';
import { filled, freshId, make } from './elements.ts';
import type { Asking } from './question-form.ts';

export function choiceRows({ question, seed, choice, changed }: Asking<ChoiceQuestion>): HTMLElement {
  const many = question.kind === 'multiple';
  const name = freshId('answer');
  const chosen = new Set(chosenKeys(question, choice));
  const inputs: HTMLInputElement[] = [];
  const rows = make('div', { class: 'bv-answers' });
  for (const option of optionsShown(question, seed)) {
    const input = make('input', { class: 'bv-answers__input', type: many ? 'checkbox' : 'radio', name, value: option.key, checked: chosen.has(option.key) });
    inputs.push(input);
    rows.append(make('label', { class: 'bv-answers__row', 'data-key': option.key }, input, filled('span', { class: 'bv-answers__words' }, option.html)));
  }
  rows.addEventListener('change', () => {
    // In the edition's own order, so that the same choice is always the same answer.
    const keys = question.options.map((option) => option.key).filter((key) => inputs.some((input) => input.checked && input.value === key));
    changed(many ? keys : (keys[0] ?? ''));
  });
  return rows;
}
