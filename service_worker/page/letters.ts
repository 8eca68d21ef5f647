/**
 * Easy-read letters (Andika): fetched when somebody switches them on, then kept for when there is no signal. The worker
 * finds them by their address in whatever cache they lie, as it does all built files.
 */

import { isFull } from '../store/open.ts';
import { NoAnswer, ask, sha256Hex } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';

const CACHE = 'letters';

/** The files this build's stylesheet has for them. */
export function lettersNamed(): string[] {
  return [...document.styleSheets].flatMap((sheet) =>
    [...sheet.cssRules].flatMap((rule) => {
      const file = rule instanceof CSSFontFaceRule ? /url\("?([^")]+)/.exec(rule.style.getPropertyValue('src'))?.[1] : undefined;
      return file ? [new URL(file, sheet.href ?? location.href).pathname] : [];
    }),
  );
}

/** A built file carries the beginning of its own SHA-256 in its name: proof enough against a portal's page. */
const hashIn = (address: string): string => /-([0-9a-f]{10})\.woff2$/.exec(address)?.[1] ?? 'none';

/**
 * Get what is missing of these files and let go of those of an earlier build. Returns whether all of them are here;
 * what did not come is asked for again with the next call.
 */
export async function keepLetters(deps: Deps, addresses: readonly string[]): Promise<boolean> {
  // No stylesheet, no news: what is here stays.
  if (!addresses.length) return false;
  try {
    const cache = await deps.caches.open(CACHE);
    const here = (await cache.keys()).map((request) => new URL(request.url).pathname);
    for (const address of addresses.filter((one) => !here.includes(one))) {
      const answer = await ask(deps, address);
      if (answer.status !== 200 || !(await sha256Hex(deps, answer.body)).startsWith(hashIn(address))) return false;
      await cache.put(address, new Response(answer.body as Uint8Array<ArrayBuffer>, { headers: { 'content-type': 'font/woff2' } }));
    }
    for (const address of here.filter((one) => !addresses.includes(one))) await cache.delete(address);
    return true;
  } catch (error) {
    if (error instanceof NoAnswer || isFull(error)) return false;
    throw error;
  }
}

export const dropLetters = (deps: Deps): Promise<boolean> => deps.caches.delete(CACHE);
