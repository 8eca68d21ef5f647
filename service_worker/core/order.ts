/** The order answers are shown in: shuffled by the attempt's seed, so coming back to a question shows it as it was. */

/** Mulberry32: a small repeatable generator of numbers in [0, 1). `seed` is a uint32. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A shuffled copy. `salt` (the question's id) keeps questions of one attempt from sharing an order. */
export function shuffled<T>(items: readonly T[], seed: number, salt = ''): T[] {
  let mixed = seed >>> 0;
  for (let index = 0; index < salt.length; index += 1) mixed = Math.imul(mixed ^ salt.charCodeAt(index), 0x01000193) >>> 0;
  const random = mulberry32(mixed);
  const copy = [...items];
  for (let index = copy.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [copy[index], copy[other]] = [copy[other]!, copy[index]!];
  }
  return copy;
}
