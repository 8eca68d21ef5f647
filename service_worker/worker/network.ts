/** Waiting: never for long, neither for the network nor for the phone's own storage, which may say nothing at all. */

import type { Deps } from '../sync/deps.ts';

/** ms a person is kept waiting before the phone does without. */
export const LIMIT = 3000;

/** Run `work` for at most `limit` ms. Rejects when that is over. */
export async function inTime<T>(deps: Deps, work: (signal: AbortSignal) => Promise<T>, limit = LIMIT): Promise<T> {
  const stop = new AbortController();
  const given = new Promise<never>((_, reject) => stop.signal.addEventListener('abort', () => reject(new Error('Not in time'))));
  given.catch(() => undefined);
  const callOff = deps.timer(limit, () => stop.abort());
  try {
    return await Promise.race([work(stop.signal), given]);
  } finally {
    callOff();
  }
}

/** A page or file from the server, with the person's cookie; redirects are left to the browser. */
export function fromNetwork(deps: Deps, address: string, range: string | null, signal: AbortSignal): Promise<Response> {
  return deps.fetch(address, { redirect: 'manual', credentials: 'same-origin', signal, ...(range ? { headers: { range } } : {}) });
}
