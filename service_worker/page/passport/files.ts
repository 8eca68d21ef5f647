/** Taking the passport along as files. The first is made here, with no signal; a learning record is signed by the server. */

import type { Tools } from '../place-tools.ts';
import type { Place } from './main.ts';
import { asked } from './news.ts';
import { holds, presentation } from './rules.ts';

/** Offer them where there is something to take. */
export function files(host: HTMLElement, tools: Tools, places: readonly Place[], now: number): void {
  const { announce, button, draw, make, saveBytes } = tools;
  const things = places.flatMap(({ passport }) => passport.items.filter((one) => holds(one, now)));
  if (!things[0]) return void draw(host);
  const said = make('p', { class: 'bv-field__error', role: 'alert' });
  const save = (): void => {
    saveBytes('my-passport.json', 'application/vp', JSON.stringify(presentation(things)));
    announce('Your passport is in your downloads.');
  };
  const record = async (): Promise<void> => {
    said.textContent = '';
    for (const { passport, person, provider } of places.filter((one) => one.passport.items.some((item) => holds(item, now)))) {
      const found = await asked(tools, person, 'passport/record');
      if ('words' in found) return void (said.textContent = passport.signs ? found.words : `${provider}: ${found.words}`);
      saveBytes(`learning-record-${provider.replace(/\W+/g, '-').toLowerCase()}.json`, 'application/vc', found.body as Uint8Array<ArrayBuffer>);
    }
    announce('Your learning record is in your downloads.');
  };
  const fresh = make(
    'section',
    { class: 'bv-section' },
    make('h2', { class: 'bv-section__title' }, 'Take it with you'),
    make('p', {}, 'Files for your next employer. Anybody who opens one can read it, and check that nothing in it was changed.'),
    make('p', {}, button('Save my passport', save, { look: 'wide', sign: 'save', more: { 'data-save-passport': true } })),
    make('p', {}, button('Save a learning record (CLR). It needs signal', () => void record(), { look: 'wide', sign: 'save', more: { 'data-save-record': true } })),
    said,
  );
  draw(host, fresh);
}
