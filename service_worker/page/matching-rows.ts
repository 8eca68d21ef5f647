/** Match the pairs: each line has a list to choose from. */

import type { MatchingQuestion } from '../core/edition.ts';
import { pairsChosen, rightShown } from './choosing.ts';
import { filled, freshId, make } from './elements.ts';
import type { Asking } from './question-form.ts';

const plain = (html: string): string => filled('span', {}, html).textContent?.trim() ?? '';

export function matchingRows({ question, seed, choice, changed }: Asking<MatchingQuestion>): HTMLElement {
  const pairs = pairsChosen(question, choice);
  const rights = rightShown(question, seed);
  const list = make('ul', { class: 'bv-match' });
  for (const left of question.left) {
    const id = freshId('match');
    const select = make('select', { class: 'bv-field__input bv-match__select', id, 'data-key': left.key }, make('option', { value: '' }, 'Choose one'));
    for (const right of rights) select.append(make('option', { value: right.key, selected: pairs[left.key] === right.key }, plain(right.html)));
    // A closed list shows one line; what was chosen stands below in full when it is longer than that.
    const chosen = make('p', { class: 'bv-match__chosen', 'aria-hidden': 'true' });
    const show = (): void => {
      const words = select.value ? (select.selectedOptions[0]?.textContent ?? '') : '';
      chosen.textContent = words.length > 28 ? words : '';
    };
    show();
    select.addEventListener('change', () => {
      if (select.value) pairs[left.key] = select.value;
      else delete pairs[left.key];
      show();
      changed({ ...pairs });
    });
    list.append(make('li', { class: 'bv-match__row' }, filled('label', { class: 'bv-match__words', for: id }, left.html), select, chosen));
  }
  return list;
}
