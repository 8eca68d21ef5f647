/** What the server knows of practice, and what was just kept. */

import type { Practice } from '../../core/api.ts';
import type { Tools } from './tools.ts';

const fits = ({ mine, people, to_confirm, scope }: Practice): boolean => [mine, people, to_confirm, scope].every(Array.isArray);

/** Ask the server what is new for this person. */
export async function news({ changed, deps, refresh }: Tools, person: string): Promise<void> {
  if ((await refresh(deps, person, 'practice', 'practice', fits)) === 'new') changed();
}

/** Something was kept: the screens look again, and the frame of the page sends it and asks what came of it, as when signal comes back. */
export function keptNow({ changed }: Tools): void {
  changed();
  dispatchEvent(new Event('online'));
}
