/** A file of its own on the phone: once it is in the cache of its name the worker renews it with each build, and it opens with no signal. */

import { sha256Hex } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';

/** A built file carries the beginning of its own SHA-256 in its name: proof enough against a portal's page. */
const hashIn = (address: string): string => /-([0-9a-f]{10})\.\w+$/.exec(address)?.[1] ?? 'none';

/** Keep the files at `addresses` in this cache unless they are here; once all are, let go of those of earlier builds. It may fail: it is tried again. */
export async function keepFiles(deps: Deps, addresses: readonly string[], name: string, type: string): Promise<boolean> {
  try {
    const cache = await deps.caches.open(name);
    for (const address of addresses) {
      if (await cache.match(address)) continue;
      const answer = await deps.fetch(address, { credentials: 'omit', redirect: 'error' });
      const body = await answer.arrayBuffer();
      if (!answer.ok || !(await sha256Hex(deps, new Uint8Array(body))).startsWith(hashIn(address))) return false;
      await cache.put(address, new Response(body, { headers: { 'content-type': type } }));
    }
    for (const { url } of await cache.keys()) {
      const { pathname } = new URL(url);
      if (!addresses.includes(pathname)) await cache.delete(pathname);
    }
    return true;
  } catch {
    // No signal, or a full phone.
    return false;
  }
}

/** The same of one script. */
export const keepFile = (deps: Deps, address: string, name: string): Promise<boolean> => keepFiles(deps, [address], name, 'text/javascript; charset=utf-8');
