/** A short proof of what the phone believes the server holds; when the server holds less, it says so and is refilled. */

import type { Held } from './api.ts';
import { hexWord } from './count.ts';

/** Hashes already worked out: an id never changes, and a backlog asks for the same ones with every batch. */
const known = new Map<string, readonly [number, number]>();

async function firstWords(id: string, sha256: (bytes: Uint8Array) => Promise<Uint8Array>): Promise<readonly [number, number]> {
  const hash = await sha256(Uint8Array.from(id, (letter) => letter.charCodeAt(0)));
  const view = new DataView(hash.buffer, hash.byteOffset, 8);
  return [view.getUint32(0), view.getUint32(4)];
}

/** Count and XOR of the first 8 bytes of SHA-256(id as ASCII), as 16 hex digits. Each id counts once, in any order. */
export async function digest(ids: Iterable<string>, sha256: (bytes: Uint8Array) => Promise<Uint8Array>): Promise<Held> {
  let high = 0;
  let low = 0;
  const once = new Set(ids);
  for (const id of once) {
    let words = known.get(id);
    if (!words) known.set(id, (words = await firstWords(id, sha256)));
    high ^= words[0];
    low ^= words[1];
  }
  return { n: once.size, x: hexWord(high) + hexWord(low) };
}
