/** The only place that reads a clock; everything else is handed the time. */

import { setValue, value } from '../store/phone.ts';

export const phoneNow = (): number => Date.now();

export const phoneMono = (): number => performance.now();

/**
 * Server clock minus phone clock in ms at phone time `now`, as last measured; null while unknown. A clock that stands
 * before that measurement was set back since: then it is at least as late as it was then, or a pass of today would
 * count as one of years ago.
 */
export async function offset(now: number): Promise<number | null> {
  const known = await value('clockOffset');
  return known ? known.off + Math.max(0, known.at - now) : null;
}

/**
 * Note what a reply told of the server's clock. `sent` and `got` are phone times around the request, in ms; half the
 * way there and back is taken off. A request during which the phone's clock jumped teaches nothing.
 */
export async function learnOffset(serverNow: string, sent: number, got: number): Promise<void> {
  const server = Date.parse(serverNow);
  if (Number.isNaN(server) || got < sent || got - sent > 60_000) return;
  await setValue('clockOffset', { off: Math.round(server - (sent + got) / 2), at: got });
}
