/** The preview beside the text: a frame as large as a phone, with a switch for each way a carer may see it. */

import { make } from '../page/elements.ts';
import type { PartLine } from './words.ts';

/** What the frame may be told, and all it may be told. */
export interface Look {
  theme: 'light' | 'dark';
  text: '100' | '200';
  offline: boolean;
}

export interface Preview {
  /** Show the text as it was saved just now, at the part of `line` when that is another one than before. */
  show(line: number): void;
  /** The parts of the text, as the check found them. */
  parts(parts: readonly PartLine[]): void;
}

/** "theme=dark&text=200&offline=1": also read by preview.ts from the address's end. */
export const lookWords = ({ theme, text, offline }: Look): string => `theme=${theme}&text=${text}${offline ? '&offline=1' : ''}`;

/** Draw the frame into `place`. `partOf` gives the part a line stands in. */
export function preview(place: HTMLElement, partOf: (line: number) => number): Preview {
  const address = place.dataset['previewFrame']!;
  const look: Look = { theme: 'light', text: '100', offline: false };
  let part = '1';
  let followed = 0;
  // Each page that is loaded has a number, so that the last word of the one before is not taken for its own. What is
  // chosen while it loads is told to it once it is there.
  let number = 0;
  let loading = true;
  let chosen = false;
  const frame = make('iframe', { class: 'bv-phone__screen', title: 'What a carer sees', sandbox: 'allow-scripts', width: '360', height: '740' });
  const choose = make('select', { class: 'bv-field__input', id: 'preview-part' });
  const start = make('option', { value: 'start' }, 'The start');
  const end = make('option', { value: 'end' }, 'The end');

  const load = (): void => {
    const target = `${address}/${part}#${lookWords(look)}&page=${(number += 1)}`;
    [loading, chosen] = [true, false];
    // Going through the window leaves no step for the Back button to go through.
    if (frame.isConnected && frame.contentWindow) frame.contentWindow.location.replace(new URL(target, location.href).href);
    else frame.src = target;
  };
  const tell = (): void => frame.contentWindow?.postMessage({ look }, '*');
  // The frame goes there itself, and so keeps what was answered.
  const go = (): void => frame.contentWindow?.postMessage({ go: part }, '*');
  const press = (words: string, on: () => boolean, turn: () => void, name: string): HTMLButtonElement => {
    const element = make('button', { type: 'button', class: 'bv-button', 'aria-pressed': String(on()), [`data-${name}`]: true }, words);
    element.addEventListener('click', () => {
      turn();
      element.setAttribute('aria-pressed', String(on()));
      tell();
    });
    return element;
  };

  choose.append(start, end);
  choose.addEventListener('change', () => {
    [part, chosen] = [choose.value, loading];
    go();
  });
  addEventListener('message', (event) => {
    const { at, page } = (event.data ?? {}) as { at?: unknown; page?: unknown };
    if (event.source !== frame.contentWindow || page !== String(number) || typeof at !== 'string' || !/^(start|end|\d{1,3})$/.test(at)) return;
    const again = chosen && at !== part;
    [loading, chosen] = [false, false];
    if (again) return go();
    part = at;
    choose.value = at;
  });
  place.replaceChildren(
    make('div', { class: 'bv-field' }, make('label', { class: 'bv-field__label', for: choose.id }, 'Show'), choose),
    make(
      'div',
      { class: 'bv-row', role: 'group', 'aria-label': 'How it is shown' },
      press('Dark', () => look.theme === 'dark', () => (look.theme = look.theme === 'dark' ? 'light' : 'dark'), 'dark'),
      press('Large letters', () => look.text === '200', () => (look.text = look.text === '200' ? '100' : '200'), 'large'),
      press('No signal', () => look.offline, () => (look.offline = !look.offline), 'no-signal'),
    ),
    make('div', { class: 'bv-phone' }, frame),
  );
  load();

  return {
    show(line) {
      const now = partOf(line);
      if (now !== followed) [part, followed] = [String(now), now];
      load();
    },
    parts(parts) {
      const options = parts.map(({ kind, title }, place) => make('option', { value: String(place + 1) }, `${place + 1}. ${kind === 'question' ? 'Question: ' : ''}${title}`));
      choose.replaceChildren(start, ...options, end);
      choose.value = part;
    },
  };
}
