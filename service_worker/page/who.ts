/** "Who is using this phone?": first names, what each has waiting, and the PIN of whoever it is. */

import { waiting } from '../store/person.ts';
import { asks, byPerson, type Person } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { changed, whenChanged } from './changes.ts';
import { draw } from './draw.ts';
import { button, buttonLink, make } from './elements.ts';
import { enter } from './enter.ts';
import { whoIsHere } from './opened.ts';
import { notJoined, sign } from './pieces.ts';
import { pinForm } from './pin-form.ts';
import { signIn } from './sign-in.ts';
import { firstName } from './say.ts';
import { tryPin } from './try-pin.ts';

/** Draw the people of this phone into `host`, or the PIN of the one who was chosen. */
export function who(host: HTMLElement, deps: Deps): void {
  let chosen: string | null = null;
  whenChanged(async () => {
    if (chosen) return;
    const { all, last } = await whoIsHere(deps.now());
    if (!all.length) return void draw(host, notJoined());
    // Whoever was here last stands first, and of their places the one they were at.
    const each = byPerson([...all].sort((one, other) => other.lastUsed - one.lastUsed));
    if (each.length === 1 && asks(all)) return ask(each[0]![0]!, all, last);
    const rows = await Promise.all(each.map(async (places) => row(places, all, (await Promise.all(places.map(unsent))).reduce((sum, one) => sum + one), () => void choose(places[0]!, all, last))));
    draw(host, make('ul', { class: 'bv-people' }, ...rows), another());
  });
  const choose = (one: Person, all: Person[], last: Person | null): void | Promise<void> => (asks(all) ? ask(one, all, last) : enter(deps, one, last));
  const ask = (one: Person, all: Person[], last: Person | null): void => {
    chosen = one.id;
    const form = pinForm('who', one.name, 'Open', async (pin, say) => {
      say('Opening…');
      // Somebody whose passkey set this phone up when it was hers alone: only the server knows her PIN yet.
      const given = one.pin ? null : await signIn(deps, one.id, pin);
      const words = given ? ('words' in given ? given.words : null) : await tryPin(deps, one, pin);
      if (words) return { words, blame: given?.end !== 'later' };
      await enter(deps, one, last);
      return null;
    });
    const back = button('Somebody else', () => {
      chosen = null;
      changed();
    }, { look: 'wide', more: { 'data-somebody-else': true } });
    draw(host, make('section', { class: 'bv-card bv-card--main', 'data-ask': true }, make('h2', { class: 'bv-card__title' }, called(one)), form), byPerson(all).length > 1 ? make('p', { class: 'bv-section' }, back) : another());
    form.querySelector<HTMLInputElement>('input[name="pin"]')!.focus();
  };
}

const another = (): HTMLElement => make('p', { class: 'bv-section' }, buttonLink('Add another person', '/join', { look: 'wide', sign: 'me' }));

/** One person's broken storage keeps nobody else out. */
const unsent = ({ id }: Person): Promise<number> => waiting(id).then((records) => records.length, () => 0);

/** "Ngozi O.": enough to know oneself by, and no more for others. */
export function called({ name }: Pick<Person, 'name'>): string {
  const names = name.trim().split(/\s+/);
  return names.length > 1 ? `${firstName(name)} ${initial(names.at(-1)!)}.` : firstName(name);
}

const initial = (name: string): string => [...name][0]?.toUpperCase() ?? '';

function row(places: readonly Person[], all: readonly Person[], unsent: number, press: () => void): HTMLElement {
  const one = places[0]!;
  const providers = new Set(all.map((person) => person.provider.id));
  const letters = one.name.trim().split(/\s+/).filter((_, place, names) => place === 0 || place === names.length - 1).map(initial).join('');
  const meta = [providers.size > 1 ? make('span', {}, places.map(({ provider }) => provider.name).sort().join(', ')) : null, unsent ? sign(`${unsent} waiting`, 'clock', 'wait') : null];
  const pressed = make('button', { type: 'button', class: 'bv-people__one', 'data-person': one.id, 'data-key': one.id }, make('span', { class: 'bv-people__letters', 'aria-hidden': 'true' }, letters), make('span', { class: 'bv-people__name' }, called(one), ...(meta.some(Boolean) ? [' ', make('span', { class: 'bv-list__meta' }, ...meta)] : [])));
  pressed.addEventListener('click', press);
  return make('li', {}, pressed);
}
