/** What this person's provider adds to a module, in words of its own: on the module's first screen, and folded up below its lessons. */

import { state } from '../store/person.ts';
import type { Deps } from '../sync/deps.ts';
import { whenChanged } from './changes.ts';
import { draw } from './draw.ts';
import { filled, make } from './elements.ts';
import { currentPerson, placeOf } from './go.ts';

/** Name of the provider and sanitised HTML, or null where it adds nothing. Both came together, so neither is another provider's. */
export async function localWords(personId: string, module: string): Promise<{ from: string; html: string } | null> {
  const local = (await state(personId, 'catalogue'))?.local;
  const html = local?.pages[module];
  return html ? { from: local.from, html } : null;
}

/** Characters of HTML that stand open above what the module says of itself; what is longer is folded up there too. */
const FEW = 600;

/** Keep it in front of `next`. At the start of a module few words stand open. */
export function localPage(next: Element, deps: Deps, start = false): void {
  const host = make('div');
  next.before(host);
  const { module } = placeOf(host.closest('main')!);
  whenChanged(async () => {
    const person = await currentPerson(deps);
    const words = person && (await localWords(person.id, module));
    draw(host, words ? make('details', { class: 'bv-local', open: start && words.html.length < FEW }, make('summary', { class: 'bv-local__title' }, `From ${words.from}`), filled('div', { class: 'bv-local__body' }, words.html)) : null);
  });
}
