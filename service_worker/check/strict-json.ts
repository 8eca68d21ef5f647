/** JSON of strangers: what two readers could read in two ways is refused, as the server does (app/credentials/reading.py). */

/** A file is no credential, or is made in a way that is refused; its message is for whoever checks it. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

export type Named = { [name: string]: unknown };

export const NO_CREDENTIAL = 'This is no credential. Choose the file that you were given: a picture, or one that ends in .jwt or .json.';
/** How deep a credential may be nested; a presentation and a learner record put eight more around it. */
export const DEEPEST = 16;
export const DEEPEST_LIST = 24;

export const isNamed = (value: unknown): value is Named => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A JSON object. Throws Unreadable for anything else, a name that occurs twice, half a letter, and deep nesting. */
export function strictJson(text: string, deepest = DEEPEST): Named {
  let found: unknown;
  try {
    found = JSON.parse(text);
    if (!isNamed(found) || isOdd(text)) throw new Error();
  } catch {
    throw new Unreadable(NO_CREDENTIAL);
  }
  let level: unknown[] = [found];
  for (let depth = 0; depth < deepest && level.length; depth += 1) {
    const below: unknown[] = [];
    for (const each of level) if (typeof each === 'object' && each !== null) for (const inner of Object.values(each)) below.push(inner);
    level = below;
  }
  if (level.length) throw new Unreadable('This is nested deeper than a credential may be.');
  return found;
}

/** Does JSON that is well formed name something twice, or hold half a letter, which can neither be kept nor shown? */
function isOdd(text: string): boolean {
  const open: (Set<string> | null)[] = [];
  // A text is a name where a colon follows it.
  for (const [, token = '', colon] of text.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]])[ \t\r\n]*(:?)/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token.length === 1) open.pop();
    else {
      const said = JSON.parse(token) as string;
      if (token.includes('\\u')) encodeURIComponent(said);
      const names = open[open.length - 1];
      if (!names || !colon) continue;
      if (names.has(said)) return true;
      names.add(said);
    }
  }
  return false;
}
