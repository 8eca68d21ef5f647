/** Quick look back: a question comes again after 1, 7, 30, 90 and 180 days; a missed one starts over. */

export const STEPS = [1, 7, 30, 90, 180] as const;
const DAY = 86_400_000;

export interface LookBack {
  module: string;
  question: string;
  /** Index into STEPS of the gap now being waited for. */
  step: number;
  /** ISO time from which it may be asked. */
  due: string;
}

/** When a question on this step is asked again. */
export const at = (now: number, step: number): string => new Date(now + STEPS[step]! * DAY).toISOString();

/** A question newly learned: asked again after a day. `now` is ms since 1970. */
export function firstLookBack(module: string, question: string, now: number): LookBack {
  return { module, question, step: 0, due: at(now, 0) };
}

/** The questions to ask now, longest due first, at most `most`. */
export function dueNow(items: readonly LookBack[], now: number, most = 5): LookBack[] {
  const today = new Date(now).toISOString();
  return items
    .filter((item) => item.due <= today)
    .sort((one, other) => (one.due < other.due ? -1 : one.due > other.due ? 1 : one.question < other.question ? -1 : 1))
    .slice(0, most);
}
