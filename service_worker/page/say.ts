/** Times, sizes and counts in words. Pure: the time is handed in. */

const LOCALE = 'en-GB';

/** "12 December 2026". A day (YYYY-MM-DD) is that day wherever the phone is. */
export function day(iso: string): string {
  const date = new Date(iso);
  const dayOnly = /^\d{4}-\d\d-\d\d$/.test(iso);
  return date.toLocaleDateString(LOCALE, { day: 'numeric', month: 'long', year: 'numeric', ...(dayOnly ? { timeZone: 'UTC' } : {}) });
}

/** "10:42" today, "3 November" before. */
export function when(iso: string, now: number): string {
  const date = new Date(iso);
  if (date.toDateString() === new Date(now).toDateString()) return date.toLocaleTimeString(LOCALE, { hour: '2-digit', minute: '2-digit' });
  return date.toLocaleDateString(LOCALE, { day: 'numeric', month: 'long' });
}

export const weekday = (now: number): string => new Date(now).toLocaleDateString(LOCALE, { weekday: 'long', day: 'numeric', month: 'long' });

export const month = (iso: string): string => new Date(iso).toLocaleDateString(LOCALE, { month: 'long' });

export { count, minutes } from '../core/count.ts';

/** "40 kB", "1.2 MB", "10.7 GB". */
export function size(bytes: number): string {
  if (bytes >= 1_000_000_000) return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** "0.4 of 1.2 MB", both in the unit of the whole. */
export function sizeOf(done: number, total: number): string {
  const small = total < 1_000_000;
  const figure = (bytes: number): string => (small ? String(Math.round(bytes / 1000)) : (bytes / 1_000_000).toFixed(1));
  return `${figure(Math.min(done, total))} of ${size(total)}`;
}

/** What to call somebody: the first of their names. */
export const firstName = (name: string): string => name.trim().split(/\s+/)[0] ?? '';
