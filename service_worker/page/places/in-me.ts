/** The rest of Me: asking for the PIN (whose form has to be here first), a fingerprint, messages on the lock screen, what is on this phone, whom to ask, and lessons that wait for Wi-Fi. */

import { byPerson, changePerson, people, type Person } from '../../store/phone.ts';
import { post } from '../../sync/api.ts';
import type { Deps } from '../../sync/deps.ts';
import { download } from '../../sync/download.ts';
import { changed, whenChanged } from '../changes.ts';
import { keepAgain } from '../coming-back.ts';
import { draw } from '../draw.ts';
import { announce, button, make } from '../elements.ts';
import { gather, waitingOf, type Facts } from '../facts.ts';
import { onIphone } from '../iphone.ts';
import { IN_ME, tick } from '../me.ts';
import { open } from '../opened.ts';
import { paragraph } from '../pieces.ts';
import type * as Push from '../push.ts';
import { count, size, when } from '../say.ts';
import { NO_SIGNAL } from '../sign-in-words.ts';
import { load } from '../trusted.ts';
import { later, setLater } from '../wifi.ts';
import { fingerRow } from './finger-row.ts';

const AFTER = 'After 10 minutes without a touch.';

/** Fill the places that Me has for it. */
export function inMe(deps: Deps): void {
  const [iphone, pin, finger, bell, phone, lessons] = IN_ME.map((name) => document.querySelector<HTMLElement>(`[data-${name}-here]`)!) as [HTMLElement, HTMLElement, HTMLElement, HTMLElement, HTMLElement, HTMLElement];
  for (const one of [finger, bell, phone]) one.classList.add('bv-section');
  whenChanged(async () => {
    const facts = await gather(deps);
    if (!facts) return;
    const who = facts.person;
    document.querySelector('[data-help]')!.textContent = `Ask ${who.contact ?? 'your manager'}. Lost your PIN or your phone? You get a new code in a minute, and your record is kept.`;
    const several = byPerson(await people()).length;
    draw(iphone, ...onIphone());
    draw(pin, ...asking(who, several, deps));
    // Once: a PIN half typed outlives what changes around it. A browser may take its time to say whether it knows a finger; the rest does not wait for it.
    if (!finger.firstChild) fingerRow(finger, deps, who, several === 1).catch(() => undefined);
    const offered = facts.snapshot?.push;
    const { push } = document.querySelector<HTMLElement>('[data-push]')!.dataset;
    if (offered && 'PushManager' in window && who.append && !bell.firstChild) load(push!).then((file) => (file as typeof Push).row(bell, { deps, who, offered, post, button, make })).catch(() => undefined);
    draw(phone, ...thisPhone(facts, (await deps.room()) ?? null, deps.app));
    draw(lessons, (await later(deps)) ? button('Get all my lessons now', () => void getAll(deps, who.id), { look: 'wide', sign: 'getting', more: { 'data-get-all': true } }) : null);
  });
}

/** All of them after all. */
async function getAll(deps: Deps, person: string): Promise<void> {
  await setLater(false);
  changed();
  announce('Getting your lessons.');
  await download(deps, person, { media: true });
  changed();
}

/** When this phone asks for the PIN: always when it is shared, else when she likes. */
function asking(person: Person, people: number, deps: Deps): HTMLElement[] {
  if (people > 1) return [paragraph(`${people} people use this phone, so it asks for a PIN after 10 minutes without a touch.`)];
  if (!person.pin) return [];
  const picked = async (ask: boolean): Promise<void> => {
    const box = row.querySelector('input')!;
    // The form has to be here first: when it asks there may be no signal.
    const here = !ask || (await keepAgain(deps));
    // Taken back while it came.
    if (ask !== box.checked) return;
    row.querySelector('.bv-tick__hint')!.textContent = here ? AFTER : NO_SIGNAL;
    if (!here) {
      box.checked = false;
      announce(NO_SIGNAL);
      return;
    }
    // Opened before it is asked for, or the next screen would want the PIN at once.
    open(person.id, deps.now());
    await changePerson(person.id, { ask }).catch(() => announce('This phone could not keep that.'));
  };
  const row = tick('ask', 'Ask for my PIN', AFTER, person.ask ?? false, (ask) => void picked(ask));
  return [row];
}

function thisPhone(facts: Facts, room: number | null, app: string): HTMLElement[] {
  const { waiting, notSent, lastSent } = waitingOf(facts.records, facts.now);
  const unsent = waiting.length + notSent.length;
  const bytes = facts.editions.reduce((sum, row) => sum + row.bytes, 0);
  const fact = (name: string, ...content: (Node | string)[]): HTMLElement => make('div', { class: 'bv-facts__row' }, make('dt', { class: 'bv-facts__name' }, name), make('dd', { class: 'bv-facts__value' }, ...content));
  return [
    make('h2', { class: 'bv-section__title' }, 'This phone'),
    make(
      'dl',
      { class: 'bv-facts' },
      fact('Lessons here', facts.editions.length ? `${count(facts.editions.length, 'lesson')}, ${size(bytes)} of words` : 'None yet'),
      fact('Sending', make('a', { href: '/waiting' }, unsent ? `${unsent} waiting` : 'All sent'), lastSent ? `, last ${when(lastSent, facts.now)}` : ''),
      ...(room === null ? [] : [fact('Room left', size(room))]),
      fact('Release', app),
    ),
    paragraph('A PIN keeps others out of the way. It does not hide what is on this phone from somebody who knows how.'),
  ];
}
