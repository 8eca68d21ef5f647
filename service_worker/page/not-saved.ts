/** "Not saved: do not close": what is on screen when this phone's storage fails, with a way to take the words along. */

import { NotSaved, type Why } from '../store/open.ts';
import { exportWaiting } from '../store/leaving.ts';
import { value } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { announce, button, make } from './elements.ts';
import type { Go } from './go.ts';

const why: { [reason in Why]: string } = {
  full: 'This phone is full. Take some photos or an app off it, then try again.',
  storage: 'This browser cannot store anything just now. Try again, or save a copy.',
  blocked: 'Another tab of this app is in the way. Close the other tabs, then try again.',
};

/** Offer `content` as a file of JSON. */
export const saveFile = (name: string, content: unknown): void => saveBytes(name, 'application/json', JSON.stringify(content, null, 1));

/** Offer bytes as a file. */
export function saveBytes(name: string, type: string, bytes: BlobPart): void {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = make('a', { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** "Save a copy" of everything a person has only on this phone. Throws NotSaved. */
export async function saveCopy(deps: Pick<Deps, 'now'>, person: string): Promise<void> {
  saveFile('between-visits-waiting.json', await exportWaiting(person, (await value('server')) ?? null, deps.now()));
  announce('A copy is in your downloads.');
}

export interface Trouble {
  /** Run work that stores something; when it fails, say so and keep saying so until a later one succeeds. */
  guard(work: Promise<unknown>): Promise<boolean>;
}

/** A place on the page for the warning; it stands before `anchor`. */
export function troublePlace(anchor: Element, go: Pick<Go, 'save' | 'copy'>): Trouble {
  const box = make('div', { role: 'alert', class: 'bv-trouble' });
  anchor.before(box);
  const guard = async (work: Promise<unknown>): Promise<boolean> => {
    try {
      await work;
    } catch (error) {
      // Whatever it was, it is not saved, and nobody may be left with a button that does nothing.
      if (!(error instanceof NotSaved)) console.error(error);
      // Said again only when it is news: an alert that is drawn anew is read out anew.
      if (!box.firstChild) {
        box.append(warning(error instanceof NotSaved ? error.why : 'storage'));
        box.scrollIntoView({ block: 'nearest' });
      }
      return false;
    }
    box.replaceChildren();
    return true;
  };
  const warning = (reason: Why): HTMLElement =>
    make(
      'div',
      { class: 'bv-alert bv-alert--warning', 'data-not-saved': true },
      make('p', { class: 'bv-alert__title' }, 'Not saved: do not close'),
      make('p', {}, why[reason]),
      make(
        'div',
        { class: 'bv-row' },
        button('Try again', () => void guard(go.save((draft) => draft))),
        button('Save a copy', () => void go.copy().then((copy) => saveFile('between-visits.json', copy)), { sign: 'save' }),
      ),
    );
  return { guard };
}
