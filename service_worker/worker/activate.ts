/** Activate: the build before stays, for pages still open with it; older ones go. Lessons and records are not touched. */

import { setValue } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { cacheOf } from './install.ts';
import { inTime } from './network.ts';

/** Keep this build's shell and the newest other one. */
export async function activateShell(deps: Deps, build: string): Promise<void> {
  // Cache Storage lists names in the order they were made.
  const others = (await deps.caches.keys()).filter((name) => name.startsWith('shell-') && name !== cacheOf(build));
  await Promise.all(others.slice(0, -1).map((name) => deps.caches.delete(name)));
  // Records name the build they were made with. Pages wait for this: a database that is broken or silent must not keep them.
  await inTime(deps, () => setValue('shell', build), null);
}
