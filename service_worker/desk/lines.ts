/** Lines of a text, numbered from 1 as the checker numbers them. No DOM. */

/** Where a line begins and ends in the text, without its newline. A line beyond the last is the last. */
export function rangeOf(text: string, line: number): [start: number, end: number] {
  let start = 0;
  for (let number = 1; number < line; number += 1) {
    const next = text.indexOf('\n', start);
    if (next < 0) break;
    start = next + 1;
  }
  const end = text.indexOf('\n', start);
  return [start, end < 0 ? text.length : end];
}

/** The line an offset stands on. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

export interface Change {
  /** The first line that differs, from 0. */
  from: number;
  /** How many lines of before go. */
  gone: number;
  /** What stands there now. */
  come: string[];
}

/** The one stretch of lines in which two texts differ: all that a keystroke needs drawn again. */
export function changeOf(before: readonly string[], after: readonly string[]): Change {
  const least = Math.min(before.length, after.length);
  let from = 0;
  while (from < least && before[from] === after[from]) from += 1;
  let same = 0;
  while (same < least - from && before[before.length - 1 - same] === after[after.length - 1 - same]) same += 1;
  return { from, gone: before.length - from - same, come: after.slice(from, after.length - same) };
}
