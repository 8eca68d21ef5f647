/** How long to wait after sending failed: full jitter, so ten thousand phones do not come back in the same second. */

export const LONGEST = 15 * 60_000;
/** Where nobody answered there is nobody to spare: a carer who drives back into signal must not wait a quarter of an hour. */
export const LONGEST_UNHEARD = 30_000;
const LONGEST_ASKED = 24 * 3_600_000;

/** A wait that is stored, so that a closed app does not forget it. Times are phone time in ms. */
export interface Wait {
  /** Failures in a row. */
  n: number;
  since: number;
  until: number;
}

/** ms to wait after failure number `n` (from 0), at most `longest`. `chance` is in [0, 1). */
export function jitter(n: number, chance: number, longest = LONGEST): number {
  return Math.floor(chance * Math.min(longest, 2000 * 2 ** Math.min(n, 20)));
}

/**
 * The wait after one more failure. `asked` is what the server asked for in ms, and wins when longer; `unheard` says
 * that no server of ours answered at all.
 */
export function lengthened(wait: Wait | undefined, now: number, chance: number, { asked = 0, unheard = false } = {}): Wait {
  const n = (wait?.n ?? 0) + 1;
  const jittered = jitter(n - 1, chance, unheard ? LONGEST_UNHEARD : LONGEST);
  return { n, since: now, until: now + Math.max(jittered, Math.min(asked, LONGEST_ASKED)) };
}

/** Is the wait still on? A clock that was set back ends it: better one request too many than silence for a year. */
export function isWaiting(wait: Wait | undefined, now: number): boolean {
  return wait !== undefined && now >= wait.since && now < wait.until;
}

/** What a Retry-After header asks for, in ms (0 when it says nothing readable). Takes seconds or a date. */
export function retryAfter(header: string | null, now: number): number {
  if (!header) return 0;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
