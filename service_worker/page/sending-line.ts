/** One quiet line that tells the truth about sending. It blocks nothing and says each piece of news once. */

import type { Deps } from '../sync/deps.ts';
import { records } from '../store/person.ts';
import { whenChanged } from './changes.ts';
import { draw } from './draw.ts';
import { announce, make } from './elements.ts';
import { unsentOf, waitingOf } from './facts.ts';
import { currentPerson } from './go.ts';
import { sign } from './pieces.ts';
import { when } from './say.ts';
import { signInWords } from './sign-in-words.ts';

/** Keep `host` true. */
export function sendingLine(host: HTMLElement, deps: Deps): void {
  let before: { unsent: number; signal: boolean } | null = null;
  const show = async (): Promise<void> => {
    const person = await currentPerson(deps);
    if (!person) return;
    const own = await records(person.id);
    const { waiting, notSent, lastSent } = waitingOf(own, deps.now());
    const unsent = waiting.length + notSent.length;
    // Only a hint: it may say yes while the server is dead, so it never decides what is tried.
    const signal = navigator.onLine;
    draw(
      host,
      signal ? null : sign('No signal. Carry on.', 'no-signal'),
      notSent.length ? link(sign(`${notSent.length} not sent`, 'triangle', 'late')) : null,
      person.paused ? link(sign(signInWords(person.paused, unsentOf(own)), 'lock', 'wait')) : waiting.length ? link(sign(`${waiting.length} waiting`, 'clock', 'wait')) : null,
      // Beside an answer that goes when the lesson ends, the time of something else would only puzzle.
      !person.paused && !unsent && lastSent && !document.body.classList.contains('bv-page--lesson') ? sign(`Sent ${when(lastSent, deps.now())}`, 'tick') : null,
    );
    if (before?.unsent && !unsent) announce('Sent. All up to date.');
    if (before?.signal && !signal) announce('No signal. Carry on. We will send it later.');
    before = { unsent, signal };
  };
  whenChanged(show);
  addEventListener('online', () => void show());
  addEventListener('offline', () => void show());
}

const link = (content: HTMLElement): HTMLElement => make('a', { href: '/waiting' }, content);
