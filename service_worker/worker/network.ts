/** Waiting: never for long, neither for the network nor for the phone's own storage, which may say nothing at all. */

import type { Deps } from '../sync/deps.ts';

/** ms a person is kept waiting before the phone does without. */
export const LIMIT = 3000;

/** What `work` gives, or `otherwise` when it fails or takes longer than `limit` ms; then its signal calls it off. */
export function inTime<T, O>(deps: Deps, work: (signal: AbortSignal) => Promise<T>, otherwise: O, limit = LIMIT): Promise<T | O> {
  const stop = new AbortController();
  const late = new Promise<O>((resolve) => stop.signal.addEventListener('abort', () => resolve(otherwise)));
  const callOff = deps.timer(limit, () => stop.abort());
  return Promise.race([work(stop.signal), late]).catch(() => otherwise).finally(callOff);
}

/** A page or file from the server, with the person's cookie; redirects are left to the browser. */
export function fromNetwork(deps: Deps, address: string, range: string | null, signal: AbortSignal): Promise<Response> {
  return deps.fetch(address, { redirect: 'manual', credentials: 'same-origin', signal, ...(range ? { headers: { range } } : {}) });
}
