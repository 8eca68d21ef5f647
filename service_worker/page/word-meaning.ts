/** Tap a word for its meaning: words of the glossary become buttons, their meaning opens in the text. */

import type { Glossary } from '../core/edition.ts';
import { state } from '../store/person.ts';
import { value } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { editionBody } from '../sync/editions.ts';
import { announce, button, freshId, make } from './elements.ts';
import { cut, finder, spellings } from './words-in-text.ts';

/** Places where a button may not stand, or a word is not the author's running text. */
const NOT_IN = 'a, button, h1, h2, h3, h4, code, .bv-alert__title, .bv-meaning';
const BLOCKS = 'p, li, td, th, dd, dt, blockquote, figcaption';

/** The meanings that are on this phone: of the words in lessons somebody is asked for, and of all, where that was fetched too. */
export async function glossary(deps: Deps): Promise<Pick<Glossary, 'words'>> {
  const whole = async (): Promise<Glossary['words']> => {
    const sha = await value('glossary');
    return sha ? ((await editionBody(deps, sha)) as unknown as Glossary | null)?.words ?? {} : {};
  };
  const own = async (): Promise<Glossary['words']> => {
    const person = await value('person');
    return (person && (await state(person, 'words'))) || {};
  };
  return { words: { ...(await whole().catch(() => ({}))), ...(await own().catch(() => ({}))) } };
}

/** Make the first of each known word in `prose` a button. */
export function markWords(prose: HTMLElement, { words }: Pick<Glossary, 'words'>): void {
  const all = Object.keys(words);
  const find = finder(all);
  if (!find) return;
  const known = spellings(all);
  const seen = new Set<string>();
  const walker = document.createTreeWalker(prose, NodeFilter.SHOW_TEXT, (node) => (node.parentElement?.closest(NOT_IN) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts) {
    const pieces = cut(text.data, find, known, seen);
    if (pieces.some((piece) => piece.word)) text.replaceWith(...pieces.map((piece) => (piece.word ? wordButton(piece.text, piece.word, words[piece.word]!) : piece.text)));
  }
}

let open: (() => void) | null = null;

function wordButton(text: string, word: string, meaning: string): HTMLButtonElement {
  const id = freshId('meaning');
  const press = make('button', { type: 'button', class: 'bv-word', 'aria-expanded': 'false' }, text);
  const close = (): void => {
    document.getElementById(id)?.remove();
    press.setAttribute('aria-expanded', 'false');
    press.removeAttribute('aria-controls');
    open = null;
  };
  const onEscape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || press.getAttribute('aria-expanded') !== 'true') return;
    close();
    press.focus();
  };
  press.addEventListener('click', () => {
    if (press.getAttribute('aria-expanded') === 'true') return close();
    open?.();
    const shut = button('Close', () => {
      close();
      press.focus();
    }, { look: 'quiet' });
    const panel = make('div', { class: 'bv-meaning bv-appear', id }, make('p', { class: 'bv-meaning__words' }, make('strong', {}, word), ` ${meaning}`), shut);
    const block = press.closest(BLOCKS) ?? press;
    if (block.tagName === 'P') block.after(panel);
    else block.append(panel);
    panel.addEventListener('keydown', onEscape);
    press.setAttribute('aria-expanded', 'true');
    press.setAttribute('aria-controls', id);
    announce(`${word}: ${meaning}`);
    open = close;
  });
  press.addEventListener('keydown', onEscape);
  return press;
}
