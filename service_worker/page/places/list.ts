/** In Me: the places somebody works at, and going from one to the other. */

import { enter } from '../enter.ts';
import type { Tools } from '../place-tools.ts';
import { waitingWords } from './words.ts';

/** Draw the list before what stands in `host`; nothing where there is one place. */
export function list(host: HTMLElement, { LEFT, button, deps, draw, gatherAll, make, sign, whenChanged }: Tools): void {
  const box = make('div');
  host.before(box);
  whenChanged(async () => {
    const all = await gatherAll(deps);
    const at = all[0]?.person;
    if (!at || !all[1]) return void draw(box);
    const rows = all.map((facts) => {
      const { person } = facts;
      const { name } = person.provider;
      const waits = waitingWords(facts);
      const meta = [person === at ? sign('You are here', 'tick', 'done') : null, person.refused === LEFT ? sign('Your place has ended', 'dash') : null, waits ? sign(waits, 'clock', 'wait') : null].flatMap((one) => (one ? [one, ' '] : []));
      const go = person === at ? null : button('Go there', () => void enter(deps, person, at), { more: { 'data-switch': person.id, 'data-key': person.id } });
      go?.append(make('span', { class: 'bv-hidden' }, `: ${name}`));
      return make('li', { class: 'bv-list__item' }, make('div', { class: 'bv-list__row' }, make('div', { class: 'bv-list__body' }, make('span', { class: 'bv-list__title' }, name), make('div', { class: 'bv-list__meta' }, ...meta)), go));
    });
    draw(box, make('section', { class: 'bv-section', 'data-places-list': true }, make('h2', { class: 'bv-section__title' }, 'Where you work'), make('ul', { class: 'bv-list' }, ...rows), make('p', { class: 'bv-soft' }, 'One PIN opens them all. Each place sees only what you do there.')));
  });
}
