/** What lesson and question screens share: who keeps the answers, stopping, and pages the browser kept aside. */

import { make } from './elements.ts';
import type { Go } from './go.ts';
import type { Trouble } from './not-saved.ts';

/** A line when answers are not kept, saying why and what to do. */
export function goNotice(go: Pick<Go, 'mode'>): HTMLElement[] {
  if (go.mode === 'kept' || go.mode === 'unsure') return [];
  const nobody = go.mode === 'nobody';
  return [
    make(
      'p',
      { class: 'bv-notice', 'data-mode': go.mode },
      nobody ? make('a', { href: '/join' }, 'Join with a code') : 'You had three goes at this today.',
      nobody ? ' to keep your answers. You can try the questions without.' : ' Have another go tomorrow. You can still practise: nothing is kept.',
    ),
  ];
}

/** "Stop here" saves where we are and asks nothing. A go that has not begun leaves nothing behind. */
export function onStop(go: Pick<Go, 'begun' | 'save'>, trouble: Trouble): void {
  document.querySelector<HTMLAnchorElement>('[data-stop]')?.addEventListener('click', (event) => {
    if (!go.begun || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { href } = event.currentTarget as HTMLAnchorElement;
    void trouble.guard(go.save((draft) => draft)).then((stored) => stored && location.assign(href));
  });
}

/** A page that comes back out of the browser's memory shows what was; what is on the phone may have moved on. */
export function pageKeptAside(): void {
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
}
