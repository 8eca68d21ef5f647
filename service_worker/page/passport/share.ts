/** Choosing what to show, to whom and for how long. A link is made by the server, so this needs signal. */

import { newId } from '../../core/records.ts';
import type { Tools } from '../place-tools.ts';
import type { Place } from './main.ts';
import { asked, changeLinks, news } from './news.ts';
import { base64Url, grouped, holds, nameOf, type Thing } from './rules.ts';

const DAYS = [['1', '1 day'], ['7', '7 days'], ['30', '30 days'], ['90', '3 months'], ['365', '1 year']] as const;

/** Offer it where there is something to show. A form somebody has begun stays as it is. */
export function share(host: HTMLElement, tools: Tools, places: readonly Place[], now: number): void {
  const groups = grouped(places).map(({ title, things }) => [title, things.filter((one) => holds(one, now))] as const).filter(([, things]) => things[0]);
  const key = groups.flatMap(([, things]) => things.map(({ id }) => id)).join();
  if (host.dataset['key'] === key || host.querySelector('form')) return;
  host.dataset['key'] = key;
  const open = tools.button('Show it to somebody', () => {
    host.replaceChildren(form(host, tools, groups));
    host.querySelector<HTMLElement>('h2')!.focus();
  }, { look: 'main', more: { 'data-open-share': true } });
  host.replaceChildren(...(key ? [open] : []));
}

function form(host: HTMLElement, tools: Tools, groups: readonly (readonly [string, Thing[]])[]): HTMLElement {
  const { announce, button, changed, currentPerson, deps, make, saveBytes, setState, state } = tools;
  const boxes: HTMLInputElement[] = [];
  const tick = (thing: Thing, title: string): HTMLElement => {
    const input = make('input', { class: 'bv-tick__input', type: 'checkbox', name: 'item', id: `show-${thing.id}`, value: thing.id!, checked: true });
    boxes.push(input);
    return make('label', { class: 'bv-tick', for: input.id }, input, make('span', {}, nameOf(thing), ' ', make('span', { class: 'bv-tick__hint' }, thing.kind === 'elective' ? thing.provider : `${title}, ${thing.provider}`)));
  };
  const ticks = groups.flatMap(([title, things]) => things.map((thing) => tick(thing, title)));
  const wrong = make('p', { class: 'bv-field__error', id: 'share-wrong', role: 'alert' });
  const whom = make('input', { class: 'bv-field__input', id: 'share-for', maxlength: '100', autocomplete: 'off', 'aria-describedby': 'share-for-hint' });
  const days = make('select', { class: 'bv-field__input bv-field__input--short', id: 'share-days' }, ...DAYS.map(([value, words]) => make('option', { value, selected: value === '7' }, words)));
  const all = (on: boolean) => (): void => boxes.forEach((one) => (one.checked = on));
  // The same until it worked: asked for twice on a bad line, there is one link.
  let made = { id: '', token: '' };
  let busy = false;
  const close = (): void => {
    host.replaceChildren();
    delete host.dataset['key'];
    changed();
  };
  const send = (pdf: boolean) => async (): Promise<void> => {
    const items = boxes.filter((one) => one.checked).map((one) => one.value);
    const say = (words: string): void => void (wrong.textContent = words);
    if (!items.length) {
      say('Tick at least one thing to show.');
      return boxes[0]!.focus();
    }
    const who = await currentPerson(deps);
    if (busy || !who) return;
    busy = true;
    say('');
    announce(pdf ? 'Making your PDF…' : 'Making your link…');
    try {
      if (!made.id) made = { id: newId(deps.now(), deps.random), token: base64Url(deps.random(16)) };
      // Before it is asked for: what is made and not known here could not be shown.
      await setState(who.id, { 'passport-tokens': { ...(await state(who.id, 'passport-tokens')), [made.id]: made.token } });
      const content = { ...made, items, for: whom.value, days: Number(days.value) };
      if (pdf) {
        const found = await asked(tools, who, 'passport/pdf', content);
        if ('words' in found) return say(found.words);
        saveBytes('my-passport.pdf', 'application/pdf', found.body as Uint8Array<ArrayBuffer>);
        await news(tools, who);
        announce('Your PDF is in your downloads.');
      } else {
        const refused = await changeLinks(tools, who, 'passport/links', content);
        if (refused) return say(refused);
        announce('Your link is ready.');
      }
      sessionStorage.setItem('bv-new-link', made.id);
      close();
    } catch {
      say('This phone could not keep it. Try again.');
    } finally {
      busy = false;
    }
  };
  const field = (id: string, label: string, hint: string, input: HTMLElement): HTMLElement => make('div', { class: 'bv-field' }, make('label', { class: 'bv-field__label', for: id }, label), hint ? make('p', { class: 'bv-field__hint', id: `${id}-hint` }, hint) : null, input);
  const box = make(
    'form',
    { class: 'bv-section' },
    make('h2', { class: 'bv-section__title', tabindex: '-1' }, 'Show it to somebody'),
    make('p', {}, 'You get a link and squares for a camera. Whoever has it sees what you tick, until the link ends or you take it back. It needs signal to make one.'),
    make('fieldset', { class: 'bv-field' }, make('legend', { class: 'bv-field__label' }, 'What to show'), make('p', {}, button('Tick all', all(true)), ' ', button('Tick none', all(false))), ...ticks),
    field('share-for', 'Who is it for?', 'For your eyes only. You may leave it empty.', whom),
    field('share-days', 'For how long?', '', days),
    wrong,
    make('p', {}, button('Make a link', () => void send(false)(), { look: 'main', more: { 'data-make-link': true } })),
    make('p', {}, button('Make a PDF with a link in it', () => void send(true)(), { look: 'wide', sign: 'save', more: { 'data-make-pdf': true } })),
    make('p', {}, button('Not now', close, { look: 'quiet wide' })),
  );
  box.addEventListener('submit', (event) => event.preventDefault());
  return box;
}
