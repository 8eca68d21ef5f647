/** One at a time: the same work must not run in two tabs, or in a tab and the worker. */

import type { Deps } from './deps.ts';

const running = new WeakMap<Deps, Set<string>>();

/**
 * Run `work` unless it is running already, here or (with Web Locks) in another tab or the worker; then return null.
 * Without Web Locks two tabs may both run it, which costs a request and harms nothing.
 */
export async function alone<T>(deps: Deps, name: string, work: () => Promise<T>): Promise<T | null> {
  const here = running.get(deps) ?? new Set();
  running.set(deps, here);
  if (here.has(name)) return null;
  here.add(name);
  try {
    if (!deps.locks) return await work();
    return (await deps.locks.request(name, { ifAvailable: true }, (lock) => (lock ? work() : null))) as T | null;
  } finally {
    here.delete(name);
  }
}
