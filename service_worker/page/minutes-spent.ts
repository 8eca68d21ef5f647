/** The time My record tells. No DOM. */

import { goesOf } from '../core/attempt.ts';
import { minutesInMonth } from '../core/minutes.ts';
import type { Facts } from './facts.ts';

/** Minutes of learning this calendar month: finished goes of this phone, and what the server told of others. */
export function minutesThisMonth({ records: own, snapshot, now, off }: Pick<Facts, 'records' | 'snapshot' | 'now' | 'off'>): number {
  const goes = goesOf(own);
  const ids = new Set(goes.map((record) => record.id));
  const others = (snapshot?.results ?? []).filter((result) => !ids.has(result.record));
  return minutesInMonth([...goes.map(({ at, off: known, received, data }) => ({ at, off: known, received, seconds: data.seconds })), ...others.map(({ at, seconds = 0 }) => ({ at, off: 0, received: null, seconds }))], now + off);
}
