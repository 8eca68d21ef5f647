/** Put two people's changes to one text together, line by line. What both changed is kept twice, to be chosen from. No DOM. */

/** A run of lines. "put": the same for both, or changed by one of them only. "both": each wrote something else there. */
export type Piece = { kind: 'put'; lines: string[] } | { kind: 'both'; mine: string[]; theirs: string[] };

/** Whose lines to take where both wrote: mine, theirs, or mine with theirs below. */
export type Choice = 'mine' | 'theirs' | 'both';

/** Pairs of lines that are compared: two modules of the largest size have about two million. */
const MOST = 9_000_000;

/** For each line of `one` the line of `other` it is, or -1: the longest run of lines both have in order. */
export function matches(one: readonly string[], other: readonly string[]): number[] {
  const found = new Array<number>(one.length).fill(-1);
  let start = 0;
  let end = one.length;
  let otherEnd = other.length;
  while (start < end && start < otherEnd && one[start] === other[start]) found[start] = start++;
  while (end > start && otherEnd > start && one[end - 1] === other[otherEnd - 1]) found[--end] = --otherEnd;
  const rows = end - start;
  const columns = otherEnd - start;
  // Two texts that have nothing in common would cost more memory than it is worth: each then stands there whole.
  if (!rows || !columns || rows * columns > MOST) return found;
  // Lengths of the longest common run from each place on; the ends are the same and were taken off above.
  const length = new Uint16Array((rows + 1) * (columns + 1));
  const at = (row: number, column: number): number => row * (columns + 1) + column;
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      length[at(row, column)] = one[start + row] === other[start + column] ? length[at(row + 1, column + 1)]! + 1 : Math.max(length[at(row + 1, column)]!, length[at(row, column + 1)]!);
    }
  }
  for (let row = 0, column = 0; row < rows && column < columns; ) {
    if (one[start + row] === other[start + column]) found[start + row++] = start + column++;
    else if (length[at(row + 1, column)]! >= length[at(row, column + 1)]!) row += 1;
    else column += 1;
  }
  return found;
}

const alike = (one: readonly string[], other: readonly string[]): boolean => one.length === other.length && one.every((line, place) => line === other[place]);

/** Put `mine` and `theirs` together; `base` is the text both began with. */
export function merge(base: string, mine: string, theirs: string): Piece[] {
  const [old, left, right] = [base.split('\n'), mine.split('\n'), theirs.split('\n')];
  const [toLeft, toRight] = [matches(old, left), matches(old, right)];
  const pieces: Piece[] = [];
  const put = (lines: string[]): void => {
    const last = pieces[pieces.length - 1];
    if (!lines.length) return;
    if (last?.kind === 'put') last.lines.push(...lines);
    else pieces.push({ kind: 'put', lines: [...lines] });
  };
  let [was, mineFrom, theirsFrom] = [0, 0, 0];
  for (let line = 0; line <= old.length; line += 1) {
    const end = line === old.length;
    const [inMine, inTheirs] = end ? [left.length, right.length] : [toLeft[line]!, toRight[line]!];
    if (inMine < 0 || inTheirs < 0) continue;
    const [before, ours, others] = [old.slice(was, line), left.slice(mineFrom, inMine), right.slice(theirsFrom, inTheirs)];
    if (alike(ours, before)) put(others);
    else if (alike(others, before) || alike(ours, others)) put(ours);
    else pieces.push({ kind: 'both', mine: ours, theirs: others });
    if (!end) put([old[line]!]);
    [was, mineFrom, theirsFrom] = [line + 1, inMine + 1, inTheirs + 1];
  }
  return pieces;
}

/** The text that comes out; `choices` are for the pieces both wrote, in order, and what is not chosen keeps both. */
export function joined(pieces: readonly Piece[], choices: readonly Choice[]): string {
  let number = 0;
  return pieces
    .flatMap((piece) => {
      if (piece.kind === 'put') return piece.lines;
      const choice = choices[number++] ?? 'both';
      return [...(choice === 'theirs' ? [] : piece.mine), ...(choice === 'mine' ? [] : piece.theirs)];
    })
    .join('\n');
}
