/** A list of modules in sixteen parts, each with a figure: whoever is told the figures sends the parts that differ. The server's half is app/catalogue/parts.py. */

import type { CatalogueModule } from './api.ts';
import { hexWord } from './count.ts';

type Listed = Pick<CatalogueModule, 'key' | 'sha' | 'pack' | 'topic'>;

const PARTS = 16;

/** FNV-1a: it tells by mistake changed from changed by nobody. */
function mixed(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** The part a module belongs to, for good. */
export const partOf = (key: string): number => mixed(key) % PARTS;

/** The figures of all parts, one after the other, and one figure for all of them. */
export function figures(modules: readonly Listed[]): { parts: string; folded: string } {
  const parts = new Array<number>(PARTS).fill(0);
  for (const { key, sha, pack, topic } of modules) parts[partOf(key)]! ^= mixed(`${sha} ${pack} ${topic}`);
  return { parts: parts.map(hexWord).join(''), folded: hexWord(parts.reduce((all, part) => all ^ part, 0)) };
}

/** `modules` with these `parts` put in place of what it had of them. */
export function withParts(modules: readonly CatalogueModule[], parts: { readonly [part: string]: readonly CatalogueModule[] }): CatalogueModule[] {
  return [...modules.filter(({ key }) => !(partOf(key) in parts)), ...Object.values(parts).flat()];
}
