/** Me: how the screen looks, what may use mobile data, and what is on this phone. Kept at every tap. */

import { byPerson, changePerson, people, setValue, value, type Person, type Settings } from '../store/phone.ts';
import { post } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import { download } from '../sync/download.ts';
import { changed, whenChanged } from './changes.ts';
import { keepAgain } from './coming-back.ts';
import { draw } from './draw.ts';
import { announce, button, make } from './elements.ts';
import { gather, waitingOf, type Facts } from './facts.ts';
import { onIphone } from './iphone.ts';
import { goToTheDoor, open } from './opened.ts';
import { notJoined, paragraph } from './pieces.ts';
import { keepLetters } from './places.ts';
import type * as Push from './push.ts';
import { voiceFor } from './read-aloud.ts';
import { count, size, when } from './say.ts';
import { load } from './trusted.ts';
import { later, setLater } from './wifi.ts';

const SIZES = [100, 125, 150, 200] as const;
const SPEEDS = [['normal', 'Normal'], ['slow', 'Slower']] as const;
const LETTERS = 'Shapes that are easy to tell apart. 0.2 MB, once.';
const THEMES = [['phone', 'As the phone'], ['light', 'Light'], ['dark', 'Dark']] as const;

/** Draw settings and facts into `host`. */
export function me(host: HTMLElement, deps: Deps): void {
  const who = make('div');
  const looks = make('section', { class: 'bv-section' });
  const phone = make('div', { class: 'bv-section' });
  const lock = make('div');
  // places/finger-row.ts fills it.
  const finger = make('section', { class: 'bv-section', 'data-finger-here': true });
  const bell = make('section', { class: 'bv-section' });
  host.append(who, looks, lock, finger, bell, phone);
  void settings(looks, deps);
  whenChanged(async () => {
    const facts = await gather(deps);
    if (!facts) {
      draw(who, notJoined());
      return;
    }
    const { person } = facts;
    const several = byPerson(await people()).length;
    draw(who, make('p', { class: 'bv-lead' }, `${person.name}, ${person.provider.name}`), make('p', {}, button('Not you? Change person', goToTheDoor, { sign: 'me', more: { 'data-change-person': true } })), ...onIphone());
    draw(lock, ...asking(person, several, deps));
    const offered = facts.snapshot?.push;
    if (offered && 'PushManager' in window && person.append && !bell.firstChild) load(host.dataset['push']!).then((file) => (file as typeof Push).row(bell, { deps, who: person, offered, post, button, make })).catch(() => undefined);
    draw(phone, ...thisPhone(facts, (await deps.room()) ?? null, deps.app), ...(await waitingLessons(deps, person.id)));
    const help = document.querySelector('[data-help]');
    if (help) help.textContent = `Ask ${person.contact ?? 'your manager'}. Lost your PIN or your phone? You get a new code in a minute, and your record is kept.`;
  });
}

/** Lessons that wait because somebody said so. */
async function waitingLessons(deps: Deps, id: string): Promise<HTMLElement[]> {
  return (await later(deps)) ? [button('Get all my lessons now', () => void getAll(deps, id), { look: 'wide', sign: 'getting', more: { 'data-get-all': true } })] : [];
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
    // The screen that asks has to be here first: then there may be no signal.
    if (ask && !(await keepAgain(deps))) {
      const hint = row.querySelector('.bv-tick__hint')!;
      row.querySelector('input')!.checked = false;
      announce((hint.textContent = 'This needs signal: try again later.'));
      return;
    }
    // Opened before it is asked for, or the next screen would want the PIN at once.
    open(person.id, deps.now());
    await changePerson(person.id, { ask }).catch(() => announce('This phone could not keep that.'));
  };
  const row = tick('ask', 'Ask for my PIN', 'After 10 minutes without a touch.', person.ask ?? false, (ask) => void picked(ask));
  return [row];
}

async function settings(box: HTMLElement, deps: Deps): Promise<void> {
  let now: Settings = (await value('settings').catch(() => undefined)) ?? {};
  const store = async (part: Settings): Promise<void> => {
    // Read again first: another screen may have kept something of its own in the meantime.
    now = { ...((await value('settings').catch(() => undefined)) ?? now), ...part };
    await setValue('settings', now).catch(() => announce('This phone could not keep that.'));
  };
  const change = (part: Settings): void => void store(part).then(() => apply(now));
  const letters = tick('easy-read', 'Easy-read letters', LETTERS, now.easyRead ?? false, (easyRead) => void lettersSwitched(easyRead));
  const lettersSwitched = async (easyRead: boolean): Promise<void> => {
    const hint = letters.querySelector('.bv-tick__hint')!;
    await store({ easyRead });
    if (easyRead) {
      hint.textContent = 'Getting…';
      hint.textContent = (await keepLetters(deps)) ? 'On this phone.' : 'They come when there is signal.';
      announce(hint.textContent);
    }
    // Somebody may have changed their mind meanwhile.
    if (!now.easyRead) {
      hint.textContent = LETTERS;
      await deps.caches.delete('letters');
    }
    apply(now);
  };
  box.append(
    choices('Text size', 'text', SIZES.map((one) => [String(one), `${one}%`] as const), String(now.textSize ?? 100), (picked) => change({ textSize: Number(picked) as 100 | 125 | 150 | 200 })),
    letters,
    choices('Light or dark', 'theme', THEMES, now.theme ?? 'phone', (picked) => change({ theme: picked as 'light' | 'dark' | 'phone' })),
    tick('wifi-only', 'Wi-Fi only', 'Pictures and sound wait for Wi-Fi. Words always come.', now.wifiOnly ?? false, (wifiOnly) => change({ wifiOnly })),
    tick('aloud', 'Read aloud', 'Shows a speaker on lessons. Only listen when you are parked.', now.aloud ?? true, (aloud) => change({ aloud })),
    choices('How fast it reads', 'speed', SPEEDS, now.aloudSlow ? 'slow' : 'normal', (picked) => change({ aloudSlow: picked === 'slow' })),
  );
  // What was kept decides, also where the line for theme.ts was lost or never written.
  apply(now);
  if (!(await voiceFor('en'))) box.append(make('p', { class: 'bv-soft' }, 'This phone has no voice to read aloud.'));
}

/** Show it now, and leave a line for theme.ts, which runs before the database can be asked. */
function apply({ theme = 'phone', textSize = 100, easyRead = false }: Settings): void {
  const { dataset } = document.documentElement;
  if (theme === 'phone') delete dataset['theme'];
  else dataset['theme'] = theme;
  if (textSize === 100) delete dataset['text'];
  else dataset['text'] = String(textSize);
  if (easyRead) dataset['letters'] = 'easy';
  else delete dataset['letters'];
  try {
    localStorage.setItem('bv-look', `${theme} ${textSize}${easyRead ? ' easy' : ''}`);
  } catch {
    // It holds for this page, and the database has it for the next.
  }
}

function choices(title: string, name: string, all: readonly (readonly [string, string])[], chosen: string, picked: (key: string) => void): HTMLElement {
  const rows = all.map(([key, words]) => {
    const input = make('input', { class: 'bv-tick__input', type: 'radio', name, id: `${name}-${key}`, value: key, checked: key === chosen });
    input.addEventListener('change', () => picked(key));
    return make('label', { class: 'bv-tick', for: input.id }, input, make('span', {}, words));
  });
  return make('fieldset', { class: 'bv-field' }, make('legend', { class: 'bv-field__label' }, title), make('div', { class: 'bv-choices' }, ...rows));
}

function tick(id: string, words: string, hint: string, on: boolean, picked: (on: boolean) => void): HTMLElement {
  const input = make('input', { class: 'bv-tick__input', type: 'checkbox', id, checked: on });
  input.addEventListener('change', () => picked(input.checked));
  return make('div', { class: 'bv-field' }, make('label', { class: 'bv-tick', for: id }, input, make('span', {}, words, ' ', make('span', { class: 'bv-tick__hint' }, hint))));
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
