/** Nobody waits long for a phone's storage: it may be slow, and now and then it says nothing at all. */

import type { Deps } from '../sync/deps.ts';

/** What `work` gives, or `otherwise` when that takes longer than `ms`; `work` itself goes on. */
export function soon<T, O>(deps: Pick<Deps, 'timer'>, work: Promise<T>, ms: number, otherwise: O): Promise<T | O> {
  let callOff = (): void => undefined;
  const late = new Promise<O>((resolve) => (callOff = deps.timer(ms, () => resolve(otherwise))));
  return Promise.race([work, late]).finally(() => callOff());
}
