/** Fetch: which requests the worker answers, and from where. What is not listed here goes to the network untouched. */

import type { Deps } from '../sync/deps.ts';
import { cacheOf } from './install.ts';
import { fromNetwork, inTime } from './network.ts';
import { page, placeOf } from './pages.ts';
import { ranged } from './ranges.ts';

/** The answer to a request, or null to leave it alone. The promise always resolves. */
export function answerTo(request: Request, deps: Deps, build: string, origin: string): Promise<Response> | null {
  const { origin: theirs, pathname } = new URL(request.url);
  if (request.method !== 'GET' || theirs !== origin) return null;
  const place = placeOf(pathname);
  if (place) return request.mode === 'navigate' ? page(request, place, deps, build) : null;
  // Downloads and the install ask for the network by this; they check what comes, and are slow on a slow line.
  if (request.cache === 'no-store') return null;
  if (pathname.startsWith('/e/')) return stored(request, deps, 'editions');
  if (pathname.startsWith('/m/')) return stored(request, deps, 'media');
  if (pathname.startsWith('/static/build/') || pathname === '/manifest.webmanifest') return stored(request, deps, cacheOf(build));
  return null;
}

/** From this cache; else from any other, where the build before has its files; else from the network. */
async function stored(request: Request, deps: Deps, cache: string): Promise<Response> {
  const address = new URL(request.url).pathname;
  const range = request.headers.get('range');
  const here = async (): Promise<Response | null> => {
    const found = (await (await deps.caches.open(cache)).match(address)) ?? (await deps.caches.match(address));
    return found ? ranged(found, range) : null;
  };
  // Storage that fails or says nothing is no reason not to try the network.
  const found = await inTime(deps, here, null);
  if (found) return found;
  return inTime(deps, (signal) => fromNetwork(deps, request.url, range, signal), new Response(null, { status: 504 }));
}
