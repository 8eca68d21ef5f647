/** Find the words of the glossary in a text, each only where it first stands. No DOM. */

export interface Segment {
  text: string;
  /** The glossary's own spelling, when this piece is one of its words. */
  word: string | null;
}

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');

/** A letter or a figure: a word that begins right after one is the tail of another. Safari 15 knows no lookbehind. */
const joined = /[\p{L}\p{N}]$/u;

/** What finds the words, longest first, so that "care plan" is found before "care". Null when there are none. */
export function finder(words: readonly string[]): RegExp | null {
  const longest = words.filter((word) => word.trim()).sort((one, other) => other.length - one.length);
  if (!longest.length) return null;
  return new RegExp(`(?:${longest.map(escaped).join('|')})(?:s|es)?(?![\\p{L}\\p{N}])`, 'giu');
}

const plain = (word: string): string => word.toLowerCase().replace(/\s+/g, ' ');

/**
 * Cut a text into pieces. `known` gives the glossary's spelling for a word in small letters; `seen` collects what was
 * found, so the next text of the same screen leaves it alone.
 */
export function cut(text: string, find: RegExp, known: ReadonlyMap<string, string>, seen: Set<string>): Segment[] {
  const pieces: Segment[] = [];
  let from = 0;
  for (const match of text.matchAll(find)) {
    const found = plain(match[0]);
    const word = known.get(found) ?? known.get(found.replace(/s$/, '')) ?? known.get(found.replace(/es$/, ''));
    if (!word || seen.has(word) || joined.test(text.slice(0, match.index))) continue;
    seen.add(word);
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), word: null });
    pieces.push({ text: match[0], word });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), word: null });
  return pieces;
}

/** From a word in small letters to how the glossary writes it. */
export const spellings = (words: readonly string[]): Map<string, string> => new Map(words.map((word) => [plain(word), word]));
