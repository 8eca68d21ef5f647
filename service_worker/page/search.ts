/** Finding a module by a few words, with no signal. No DOM. */

import type { CatalogueModule } from '../core/api.ts';

const plain = (text: string): string => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/[’']/g, '');

/**
 * Modules in which every word is found at the beginning of a word; a hit in the title counts before one in the text.
 * `summaries`: what they are about, as far as it has come.
 */
export function found(modules: readonly CatalogueModule[], query: string, summaries: { readonly [module: string]: string } = {}): CatalogueModule[] {
  const words = plain(query).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  if (!words.length) return [...modules];
  const starts = (text: string): string[] => plain(text).split(/[^\p{L}\p{N}]+/u);
  const hit = (text: string[], word: string): boolean => text.some((one) => one.startsWith(word));
  return modules
    .map((module) => {
      const title = starts(module.title);
      const all = [...title, ...starts(`${module.summary ?? summaries[module.key] ?? ''} ${module.topic}`)];
      return { module, found: words.every((word) => hit(all, word)), titled: words.filter((word) => hit(title, word)).length };
    })
    .filter((one) => one.found)
    .sort((one, other) => other.titled - one.titled)
    .map((one) => one.module);
}
