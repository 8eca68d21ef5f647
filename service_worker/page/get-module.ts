/** "Get": bring one module onto this phone, its size shown first. What is shown meanwhile is in places/getting.ts. */

import { download } from '../sync/download.ts';
import type { Deps } from '../sync/deps.ts';
import { changed } from './changes.ts';
import { announce, button, make } from './elements.ts';
import { placesFile } from './places.ts';
import { size } from './say.ts';
import { NO_SIGNAL } from './sign-in-words.ts';

/** Bytes on the wire that come when a module is opened, without a question: less than one photo in a message. */
export const SMALL = 100_000;

/** Bring a small module that was opened. `pictures` false leaves them for later. Says whether anything came or was here. */
export async function bring(deps: Deps, personId: string, module: string, pictures: boolean): Promise<boolean> {
  for (let tries = 0; tries < 5; tries += 1) {
    const report = await download(deps, personId, { module, ...(pictures ? {} : { media: false }) });
    if (report.ran) return report.end === 'done' && !report.damaged.length;
    // This page or the worker is getting what was asked of the person just now.
    await new Promise<void>((ring) => deps.timer(1000, ring));
  }
  return false;
}

/** What is being got now, by module: drawn again, a screen takes the same box over. */
const underWay = new Map<string, HTMLElement>();

/** A button that gets `module` (its bytes on the wire), and turns into progress with Pause. */
export function getModule(deps: Deps, personId: string, module: string, title: string, bytes: number, look = ''): HTMLElement {
  const present = underWay.get(module);
  if (present) return present;
  const box = make('div', { class: 'bv-get' });
  const idle = (note = ''): void => {
    const words = note ? 'Carry on' : `Get, ${size(bytes)}`;
    box.replaceChildren(
      button(words, () => void get(), { look, sign: 'getting', more: { 'aria-label': `${words}: ${title}`, 'data-key': `get-${module}` } }),
      ...(note ? [make('p', { class: 'bv-get__note' }, note)] : []),
    );
  };
  const get = async (): Promise<void> => {
    if (underWay.has(module)) return;
    underWay.set(module, box);
    box.dataset['underWay'] = '';
    const note = await placesFile().then(({ get }) => get(deps, personId, module, title, box), () => NO_SIGNAL);
    underWay.delete(module);
    delete box.dataset['underWay'];
    announce(note || `${title} is on this phone.`);
    if (!note) return changed();
    idle(note);
    box.querySelector('button')?.focus({ preventScroll: true });
  };
  idle();
  return box;
}
