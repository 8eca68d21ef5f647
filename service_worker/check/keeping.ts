/** What the check page keeps on the phone, and what it asks of the server. */

import { asKnown, type Known } from './known.ts';

const CACHE = 'known-issuers';
const LIMIT = 20_000;

/** The answer of our server, or null: no signal, or not in time. */
export async function asked(address: string, init: RequestInit = {}): Promise<Response | null> {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), LIMIT);
  try {
    return await fetch(address, { redirect: 'error', ...init, signal: stop.signal });
  } catch {
    return null;
  } finally {
    clearTimeout(late);
  }
}

/** Who is known, as this phone last heard it; null where it never did. */
export async function kept(address: string): Promise<Known | null> {
  try {
    const found = await (await caches.open(CACHE)).match(address);
    return found ? asKnown(await found.json()) : null;
  } catch {
    return null;
  }
}

/** Ask who is known and keep it; else what is kept. The browser asks again only after some minutes. */
export async function refreshed(address: string): Promise<Known | null> {
  try {
    const answer = await asked(address);
    const body = answer?.ok ? await answer.text() : '';
    const known = body ? asKnown(JSON.parse(body)) : null;
    if (known) {
      await (await caches.open(CACHE)).put(address, new Response(body, { headers: { 'content-type': 'application/json' } })).catch(() => undefined);
      return known;
    }
  } catch {
    // A portal's page, or a full phone.
  }
  return kept(address);
}
