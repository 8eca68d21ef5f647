/**
 * Screens of whoever was here before: who is using this phone, and signing in again. What they do is in a file of its own (again.ts). Signing in needs
 * signal anyway; a phone that asks for a PIN keeps the file, and each build but the first brings it along (worker/install.ts).
 */

import { asks, people, placesOf } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import type { AgainFile } from './again.ts';
import { whenChanged } from './changes.ts';
import { announce, button } from './elements.ts';
import { currentPerson } from './go.ts';
import { alert, paragraph } from './pieces.ts';
import { readsNoMore } from './sign-in-words.ts';
import { load } from './trusted.ts';

const address = (): string => document.querySelector<HTMLElement>('[data-known]')!.dataset['known']!;

/** The file; null without signal. */
export const againFile = (): Promise<AgainFile | null> => load(address()).then((file) => (file as { default: AgainFile }).default, () => null);

/** Keep it, before it is called for where there is no signal; says whether it is here. */
export const keepAgain = async (deps: Deps): Promise<boolean> => Boolean((await deps.caches.match(address()).catch(() => null)) || (await (await againFile())?.keep(deps)));

/** The same where this phone asks for a PIN. */
export const keepWhereAsked = async (deps: Deps): Promise<unknown> => asks(await people()) && keepAgain(deps);

/** Call `start` with the file, or say `words` in `host` until it comes. */
async function begin(host: HTMLElement, words: string, start: (file: AgainFile) => void): Promise<void> {
  let begun = false;
  const go = async (): Promise<boolean> => {
    const file = await againFile();
    // Two taps, or a tap and the signal, may have asked for it.
    if (file && !begun) {
      begun = true;
      removeEventListener('online', again);
      // The button that was pressed goes; whoever pressed it stays where the form comes.
      if (host.contains(document.activeElement)) {
        host.tabIndex = -1;
        host.focus();
      }
      host.replaceChildren();
      start(file);
    }
    return Boolean(file);
  };
  const again = (): void => void go().then((came) => came || announce('Still no signal.'));
  if (await go()) return;
  addEventListener('online', again);
  host.replaceChildren(alert('important', 'No signal', paragraph(words), button('Try again', again, { look: 'wide' })));
}

export const who = (host: HTMLElement, deps: Deps): Promise<void> =>
  begin(host, 'This needs signal just once. What you did is safe on this phone.', (file) => file.who(host, deps));

/** Where sending stands still, or nothing new comes, at any place of theirs; else nothing. */
export function signInAgain(host: HTMLElement, deps: Deps): void {
  let begun = false;
  whenChanged(async () => {
    const here = await currentPerson(deps);
    if (begun || !here || !(await placesOf(here)).some((one) => one.paused || readsNoMore(one))) return;
    begun = true;
    await begin(host, 'Carry on. Sign in later: what you did is safe on this phone.', (file) => file.signInAgain(host, deps));
  });
}
