/** "Get a copy of everything we keep about you": the PIN, and then a file. The server is asked, so it needs signal; the form (copy-form.ts) comes at the tap. */

import type { Person } from '../../store/phone.ts';
import { againFile } from '../coming-back.ts';
import type { Tools } from '../place-tools.ts';
import { NO_SIGNAL } from '../sign-in-words.ts';

/** Draw it before what stands in `host`, once: a PIN half typed outlives what changes around it. */
export function copy(host: HTMLElement, tools: Tools): void {
  const box = tools.make('section', { class: 'bv-section' });
  host.before(box);
  tools.whenChanged(async () => {
    const who = await tools.currentPerson(tools.deps);
    // Of a place that ended, the PIN brings no more than what waits there away.
    if (who && who.paused !== 'erased' && (who.read || who.refused !== tools.LEFT) && !box.firstChild) draw(box, tools, who);
  });
}

function draw(box: HTMLElement, tools: Tools, who: Person): void {
  const { button, make, readsNoMore } = tools;
  const show = (...content: HTMLElement[]): void => box.replaceChildren(make('h2', { class: 'bv-section__title' }, 'A copy for you'), ...content);
  const ask = async (): Promise<void> => {
    const file = await againFile();
    if (!file) {
      show(make('p', { role: 'alert' }, NO_SIGNAL), press);
      return press.focus();
    }
    const form = file.copyForm(tools.deps, who, () => {
      const news = make('p', { tabindex: '-1', class: 'bv-strong', 'data-copied': true }, 'A copy is in your downloads.');
      show(news, press);
      news.focus();
    });
    show(make('p', {}, 'Type your PIN. Then you get a file. Anyone who opens it can read your record.'), form);
    form.querySelector<HTMLInputElement>('input[name="pin"]')!.focus();
  };
  const press = button('Get a copy of everything we keep about you', () => void ask(), { look: 'wide', sign: 'save', more: { 'data-get-copy': true } });
  if (who.paused || !who.read || readsNoMore(who)) show(make('p', {}, 'You can have a copy of all of it. ', make('a', { href: '/waiting' }, 'Sign in first'), '.'));
  else show(make('p', {}, `Your record at ${who.provider.name}, your results, and who did what with them. It needs signal.`), press);
}
