/** Put in order: numbered rows with Up and Down. What moved keeps the focus, and its new place is said. */

import type { Item, OrderingQuestion } from '../core/edition.ts';
import { itemsShown, moved } from './choosing.ts';
import { announce, filled, icon, make } from './elements.ts';
import type { Asking } from './question-form.ts';

export function orderingRows({ question, seed, choice, changed }: Asking<OrderingQuestion>): HTMLElement {
  let items = itemsShown(question, seed, choice);
  const list = make('ol', { class: 'bv-order' });
  const rows = new Map(items.map((item) => [item.key, row(item)]));

  function row(item: Item): HTMLLIElement {
    const words = filled('span', { class: 'bv-order__words' }, item.html);
    const plain = words.textContent?.trim() ?? '';
    return make(
      'li',
      { class: 'bv-order__row', 'data-key': item.key },
      make('span', { class: 'bv-order__number', 'aria-hidden': 'true' }),
      words,
      make('span', { class: 'bv-order__moves' }, mover('Up', 'arrow-up', item.key, plain, -1), mover('Down', 'arrow-down', item.key, plain, 1)),
    );
  }

  function mover(word: string, sign: string, key: string, plain: string, by: -1 | 1): HTMLButtonElement {
    const press = make('button', { type: 'button', class: 'bv-button bv-order__move', [by < 0 ? 'data-up' : 'data-down']: true }, icon(sign), word, make('span', { class: 'bv-hidden' }, `: ${plain}`));
    press.addEventListener('click', () => {
      // At either end the button stays reachable, so that the focus is never lost; it only says so.
      if (press.getAttribute('aria-disabled') === 'true') return announce(by < 0 ? 'It is first already.' : 'It is last already.');
      items = moved(items, items.findIndex((item) => item.key === key), by);
      place();
      press.focus();
      announce(`Now number ${items.findIndex((item) => item.key === key) + 1} of ${items.length}.`);
      changed(items.map((item) => item.key));
    });
    return press;
  }

  function place(): void {
    items.forEach((item, index) => {
      const own = rows.get(item.key)!;
      own.querySelector('.bv-order__number')!.textContent = String(index + 1);
      own.querySelector('[data-up]')!.setAttribute('aria-disabled', String(index === 0));
      own.querySelector('[data-down]')!.setAttribute('aria-disabled', String(index === items.length - 1));
      if (list.children[index] !== own) list.insertBefore(own, list.children[index] ?? null);
    });
  }

  place();
  return list;
}
