/** The file of My plan on the phone: once it was opened it opens with no signal, as the worker finds built files in whatever cache they lie. */

import { ask, sha256Hex } from '../../sync/api.ts';
import type { Deps } from '../../sync/deps.ts';

const CACHE = 'plan';

/** A built file carries the beginning of its own SHA-256 in its name: proof enough against a portal's page. */
const hashIn = (address: string): string => /-([0-9a-f]{10})\.js$/.exec(address)?.[1] ?? 'none';

/** Keep the file at `address` unless it is here, and let go of those of earlier builds. It may fail: it is tried again. */
export async function keepFile(deps: Deps, address: string): Promise<boolean> {
  try {
    const cache = await deps.caches.open(CACHE);
    if (!(await cache.match(address))) {
      const { status, body } = await ask(deps, address, { cache: 'default' });
      if (status !== 200 || !(await sha256Hex(deps, body)).startsWith(hashIn(address))) return false;
      await cache.put(address, new Response(body as Uint8Array<ArrayBuffer>, { headers: { 'content-type': 'text/javascript; charset=utf-8' } }));
    }
    for (const { url } of await cache.keys()) if (new URL(url).pathname !== address) await cache.delete(new URL(url).pathname);
    return true;
  } catch {
    // No signal, or a full phone.
    return false;
  }
}
