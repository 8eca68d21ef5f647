/** The bar at the bottom of a lesson: Back, and the one thing to do now. */

import { button, make } from './elements.ts';

export interface Bar {
  /** The way on: the page's own Next link. */
  next(words?: string, look?: 'main' | ''): void;
  /** One thing to press instead. */
  press(words: string, work: () => void, name: string): void;
  /** The address Next leads to. */
  readonly href: string;
}

/** Take hold of the page's bar; `leave` runs before Next is followed, and its promise is waited for. */
export function bottomBar(leave: (href: string) => Promise<boolean>): Bar {
  const row = document.querySelector<HTMLElement>('[data-bar]') ?? make('div');
  const back = row.querySelector('[data-back]');
  const link = row.querySelector<HTMLAnchorElement>('[data-next]') ?? make('a', { href: '/today' });
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    void leave(link.href).then((go) => {
      if (go) location.assign(link.href);
    });
  });
  const show = (main: Element): void => {
    // What is there already is left alone: putting it in again would take the focus from it.
    if (row.lastElementChild !== main) row.replaceChildren(...(back ? [back, main] : [main]));
  };
  let pressed: { name: string; element: HTMLButtonElement; work: () => void } | null = null;
  return {
    href: link.getAttribute('href') ?? '/today',
    next(words = 'Next', look = 'main') {
      link.textContent = words;
      link.className = `bv-button bv-bar__next${look ? ' bv-button--main' : ''}`;
      pressed = null;
      show(link);
    },
    press(words, work, name) {
      if (pressed?.name !== name) {
        const element = button(words, () => pressed?.work(), { look: 'main', more: { [`data-${name}`]: true } });
        element.classList.add('bv-bar__next');
        pressed = { name, element, work };
      }
      pressed.work = work;
      show(pressed.element);
    },
  };
}
