/** Me: how the screen looks, and what may use mobile data. Kept at every tap. */

import { setValue, value, type Settings } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { whenChanged } from './changes.ts';
import { draw } from './draw.ts';
import { announce, button, make } from './elements.ts';
import { gather } from './facts.ts';
import { goToTheDoor } from './opened.ts';
import { notJoined } from './pieces.ts';
import { keepLetters } from './places.ts';
import { voiceFor } from './read-aloud.ts';

const SIZES = [100, 125, 150, 200] as const;
const SPEEDS = [['normal', 'Normal'], ['slow', 'Slower']] as const;
const LETTERS = 'Shapes that are easy to tell apart. 0.2 MB, once.';
const THEMES = [['phone', 'As the phone'], ['light', 'Light'], ['dark', 'Dark']] as const;

/** Places for the rest of it, which is in a file that comes by itself (places/in-me.ts). */
export const IN_ME = ['iphone', 'pin', 'finger', 'bell', 'phone', 'lessons'] as const;

/** Draw settings into `host`. */
export function me(host: HTMLElement, deps: Deps): void {
  const who = make('div');
  const looks = make('section', { class: 'bv-section' });
  const [iphone, ...rest] = IN_ME.map((name) => make('div', { [`data-${name}-here`]: true }));
  host.append(who, iphone!, looks, ...rest);
  void settings(looks, deps);
  whenChanged(async () => {
    const facts = await gather(deps);
    if (!facts) {
      draw(who, notJoined());
      return;
    }
    const { person } = facts;
    draw(who, make('p', { class: 'bv-lead' }, `${person.name}, ${person.provider.name}`), make('p', {}, button('Not you? Change person', goToTheDoor, { sign: 'me', more: { 'data-change-person': true } })));
  });
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

export function tick(id: string, words: string, hint: string, on: boolean, picked: (on: boolean) => void): HTMLElement {
  const input = make('input', { class: 'bv-tick__input', type: 'checkbox', id, checked: on });
  input.addEventListener('change', () => picked(input.checked));
  return make('div', { class: 'bv-field' }, make('label', { class: 'bv-tick', for: id }, input, make('span', {}, words, ' ', make('span', { class: 'bv-tick__hint' }, hint))));
}
