/** "In your pocket": the one line of a module to keep. */

import type { Edition } from '../core/edition.ts';
import { setState, state, type PocketLine } from '../store/person.ts';
import type { Deps } from '../sync/deps.ts';
import { announce, icon, make } from './elements.ts';

/** The lines a person keeps, newest first. */
export const pocketLines = async (personId: string): Promise<PocketLine[]> => [...((await state(personId, 'pocket')) ?? [])].reverse();

/** Put a line in the pocket, or take the module's line out when `line` is null. */
export async function setPocketLine(personId: string, module: string, line: PocketLine | null): Promise<void> {
  const others = ((await state(personId, 'pocket')) ?? []).filter((one) => one.module !== module);
  await setState(personId, { pocket: line ? [...others, line] : others });
}

/** Give the slip of paper a button that keeps its line. */
export async function keepLine(slip: HTMLElement, deps: Deps, personId: string, edition: Edition): Promise<void> {
  slip.querySelector('[data-pocket]')?.remove();
  let kept = (await pocketLines(personId)).some((one) => one.module === edition.key);
  const press = make('button', { type: 'button', class: 'bv-button bv-slip__keep', 'data-pocket': true });
  const show = (): void => {
    press.classList.toggle('bv-slip__keep--kept', kept);
    press.replaceChildren(icon(kept ? 'tick' : 'pocket'), kept ? 'In your pocket' : 'Keep this line');
  };
  press.addEventListener('click', () => {
    const next = !kept;
    const line = next ? { module: edition.key, title: edition.title, line: edition.pocket ?? '', at: new Date(deps.now()).toISOString() } : null;
    void setPocketLine(personId, edition.key, line).then(() => {
      kept = next;
      show();
      announce(kept ? 'The line is in your pocket.' : 'The line is out of your pocket.');
    });
  });
  show();
  slip.append(press);
}
