/** Two people wrote at once: both texts are shown, what does not clash is put together, and the rest is chosen. */

import { button, freshId, make } from '../page/elements.ts';
import { joined, merge, type Choice, type Piece } from './merge.ts';

export interface Both {
  base: string;
  mine: string;
  theirs: string;
  /** Who wrote the other text, and when: "Priya Nair", "at 10:43". */
  who: string;
  when: string;
}

/** Draw the choice into `place`. `done` is called with the text that was decided on. */
export function showBoth(place: HTMLElement, { base, mine, theirs, who, when }: Both, done: (text: string) => void): void {
  const pieces = merge(base, mine, theirs);
  const clashes = pieces.filter((piece) => piece.kind === 'both');
  const choices: Choice[] = clashes.map(() => 'both');
  const decide = (text: string) => (): void => {
    place.replaceChildren();
    place.hidden = true;
    done(text);
  };
  const title = make('h2', { class: 'bv-section__title', tabindex: '-1', id: freshId('both') }, `Somebody else saved ${when}`);
  place.setAttribute('aria-labelledby', title.id);
  place.replaceChildren(
    title,
    make('p', {}, `${who} saved while you were writing. Nothing is lost: both texts are kept in the history of this draft.`),
    make('p', {}, clashes.length ? `What only one of you changed fits together. ${clashes.length === 1 ? 'In one place' : `In ${clashes.length} places`} you both wrote something. Choose there.` : 'Your words and theirs fit together.'),
    ...clashes.map((piece, number) => clash(piece, number, who, (choice) => (choices[number] = choice))),
    make(
      'div',
      { class: 'bv-row' },
      button(clashes.length ? 'Put together as chosen' : 'Put both together', () => decide(joined(pieces, choices))(), { more: { 'data-both-put': true } }),
      button('Take only mine', decide(mine), { more: { 'data-both-mine': true } }),
      button('Take only theirs', decide(theirs), { more: { 'data-both-theirs': true } }),
    ),
  );
  place.hidden = false;
}

function clash(piece: Extract<Piece, { kind: 'both' }>, number: number, who: string, chosen: (choice: Choice) => void): HTMLElement {
  const name = freshId('clash');
  const rows: [Choice, string, string[]][] = [
    ['mine', 'Yours', piece.mine],
    ['theirs', `${who}’s`, piece.theirs],
    ['both', 'Both, yours first', []],
  ];
  return make(
    'fieldset',
    { class: 'bv-both', 'data-clash': String(number) },
    make('legend', { class: 'bv-strong' }, `Place ${number + 1}`),
    ...rows.map(([choice, label, lines]) => {
      const pick = make('input', { class: 'bv-tick__input', type: 'radio', name, value: choice, checked: choice === 'both' });
      pick.addEventListener('change', () => chosen(choice));
      const words = choice === 'both' ? null : make('span', { class: 'bv-both__words' }, lines.join('\n') || '(taken out)');
      return make('label', { class: 'bv-tick bv-both__one' }, pick, make('span', { class: 'bv-both__side' }, make('span', { class: 'bv-strong' }, label), words));
    }),
  );
}
