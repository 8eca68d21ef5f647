/**
 * A new phone: the record is here, and the lessons come again. Their size is said first, and where they may cost mobile
 * data they wait for a yes; the next one to do comes in any case.
 */

import { mediaBytes, type CatalogueModule } from '../core/api.ts';
import { editions } from '../store/editions.ts';
import { state } from '../store/person.ts';
import type { EditionRow } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { download, inOrder } from '../sync/download.ts';
import { button, make } from './elements.ts';
import { SMALL } from './get-module.ts';
import { size } from './say.ts';
import { setLater } from './wifi.ts';

/** Bytes on the wire of assigned modules that are not on this phone, with their pictures. */
export function bytesAgain(modules: readonly CatalogueModule[], here: readonly EditionRow[]): number {
  const complete = new Set(here.filter((row) => row.complete).map((row) => row.sha));
  return modules.filter((module) => module.assigned && !complete.has(module.sha)).reduce((sum, module) => sum + module.bytes + mediaBytes(module), 0);
}

/** Ask before getting this much? Always on mobile data; where nobody knows the line, above the size of a photo. */
export function asksFirst(line: ReturnType<Deps['connection']>, bytes: number): boolean {
  if (!bytes || (!line?.saveData && (line?.type === 'wifi' || line?.type === 'ethernet'))) return false;
  return bytes > SMALL || line?.saveData === true || line?.type === 'cellular';
}

/** Say what comes again into `host`, and call `get` at once or when it is wanted. */
export async function lessonsAgain(host: HTMLElement, deps: Deps, person: string, get: () => Promise<void>): Promise<void> {
  const [catalogue, snapshot] = [await state(person, 'catalogue'), await state(person, 'snapshot')];
  const bytes = bytesAgain(catalogue?.modules ?? [], await editions());
  const box = make('section', { class: 'bv-card bv-card--note', 'data-again': true });
  const words = make('p', { class: 'bv-strong' }, 'Your record is here.');
  box.append(words);
  host.append(make('div', { class: 'bv-getting' }, box));
  if (!catalogue || !bytes) return get();
  const what = `We will get your lessons again (${size(bytes)}).`;
  if (!asksFirst(deps.connection(), bytes)) {
    box.append(make('p', {}, what));
    return get();
  }
  await setLater(true);
  const said = make('p', {}, `${what} Use Wi-Fi?`);
  const yes = button('Get them now', () => {
    box.replaceChildren(words);
    void setLater(false).then(get);
  }, { look: 'wide', sign: 'getting', more: { 'data-get-all': true } });
  const no = button('Wait for Wi-Fi', () => {
    box.replaceChildren(words, make('p', { tabindex: '-1', 'data-later': true }, 'Your next lesson is here. The others come with Wi-Fi, or one by one as you open them.'));
    box.querySelector<HTMLElement>('[data-later]')!.focus();
  }, { look: 'wide', more: { 'data-wait': true } });
  box.append(said, make('div', { class: 'bv-stack bv-stack--close' }, yes, no));
  const done = new Set(Object.entries(snapshot?.modules ?? {}).filter(([, one]) => one.completed_at).map(([key]) => key));
  const next = inOrder(catalogue, new Set(), done, new Set())[0];
  if (next) await download(deps, person, { module: next.key, media: false });
}
