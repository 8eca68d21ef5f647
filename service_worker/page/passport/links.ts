/** The links somebody made: the squares of those this phone made, who looked when, and taking one back. */

import type { PassportLink } from '../../core/api.ts';
import type { Tools } from '../place-tools.ts';
import { count, day, when } from '../say.ts';
import type { QrFile } from '../qr.ts';
import type { Place } from './main.ts';
import { changeLinks } from './news.ts';
import { linkStanding } from './rules.ts';

const LOOKED = { page: 'Looked at the page', json: 'Took the file', clr: 'Took the learning record', pdf: 'Took the PDF', said: 'Said who they are' } as const;

/** Draw them, the newest first. */
export function links(host: HTMLElement, tools: Tools, places: readonly Place[], now: number, qr: QrFile['qr'] | null): void {
  const all = places.flatMap((place) => place.passport.links.map((link) => ({ place, link }))).sort((one, other) => (one.link.since < other.link.since ? 1 : -1));
  const { draw, make } = tools;
  if (!all[0]) return void draw(host);
  const shown = host.querySelector<HTMLDetailsElement>('details[open]')?.dataset['link'] ?? sessionStorage.getItem('bv-new-link');
  const fresh = draw(
    host,
    make('section', { class: 'bv-section' }, make('h2', { class: 'bv-section__title', tabindex: '-1' }, 'Links you made'), make('ul', { class: 'bv-list' }, ...all.map(({ place, link }) => row(tools, place, link, now, link.id === shown, qr)))),
  );
  if (fresh && sessionStorage.getItem('bv-new-link')) {
    sessionStorage.removeItem('bv-new-link');
    host.querySelector<HTMLElement>('h2')!.focus();
  }
}

function row(tools: Tools, { person, tokens }: Place, link: PassportLink, now: number, open: boolean, qr: QrFile['qr'] | null): HTMLElement {
  const { announce, button, changed, make, sign } = tools;
  const { form, id, items, looks, others, taken_back: back, until } = link;
  const token = tokens[id];
  const address = token ? `${location.origin}/p/${token}` : '';
  const said = make('p', { class: 'bv-field__error', role: 'alert' });
  const standing = linkStanding(link, now);
  const live = standing[0] === 'Open';
  const name = link.for || (form === 'pdf' ? 'In a PDF' : 'No name');
  const change = (path: string, words: string) => (): void =>
    void changeLinks(tools, person, path, { id }).then((refused) => {
      if (refused) return void (said.textContent = refused);
      announce(words);
      changed();
    });
  const copy = (): void => void navigator.clipboard.writeText(address).then(() => announce('Copied.'), () => (said.textContent = 'This phone did not copy it. Hold a finger on the address.'));
  return make(
    'li',
    { class: 'bv-list__item', 'data-link-row': id },
    make(
      'div',
      { class: 'bv-list__row' },
      make(
        'div',
        { class: 'bv-list__body' },
        make('h3', { class: 'bv-list__title' }, name),
        make('div', { class: 'bv-list__meta' }, sign(...standing), ' ', make('span', {}, `${count(items.length + others, 'thing')}, until ${day(until)}`), ' ', make('span', {}, looks[0] ? `Looked at ${count(looks.length, 'time')}` : 'Nobody looked yet')),
        live && address
          ? make('details', { class: 'bv-more', 'data-link': id, open }, make('summary', { class: 'bv-more__title', 'data-key': `qr-${id}` }, 'Show the squares'), qr ? qr(address, `Squares for a camera: your link for ${name}`) : make('p', {}, 'The squares come where there is signal.'), make('p', {}, make('a', { href: address, 'data-address': true }, address)), make('p', {}, button('Copy the link', copy, { more: { 'data-key': `copy-${id}` } }), ...('share' in navigator ? [' ', button('Share…', () => void navigator.share({ title: 'What I can show', url: address }).catch(() => undefined), { more: { 'data-key': `share-${id}` } })] : [])))
          : live ? make('p', { class: 'bv-small bv-soft' }, 'Made on another phone. Its squares are there.') : null,
        looks[0] ? make('details', { class: 'bv-more' }, make('summary', { class: 'bv-more__title', 'data-key': `looks-${id}` }, 'Who looked'), make('ul', { class: 'bv-more__body' }, ...looks.map(({ at, by, kind }) => make('li', {}, `${by ? `${by}: ` : ''}${LOOKED[kind]}, ${when(at, now)}`)))) : null,
        said,
        live ? button('Take it back', change('passport/links/end', 'Taken back. Nobody can open it now.'), { more: { 'data-key': `back-${id}` } }) : null,
        back && Date.parse(until) > now ? make('p', {}, 'Nobody can open it. ', button('Undo', change('passport/links/again', 'It can be opened again.'), { more: { 'data-key': `back-${id}` } })) : null,
      ),
    ),
  );
}
