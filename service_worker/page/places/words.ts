/** What is said of a place. No DOM. */

import type { CatalogueModule } from '../../core/api.ts';
import type { Facts } from '../facts.ts';
import { day } from '../say.ts';

/** "3 to do, next by 12 December 2026." `todo` is in the order in which it is to be done; `dateOf` is the day of one, if it has one. */
export function todoWords(todo: readonly CatalogueModule[], dateOf: (module: CatalogueModule) => string | null): string {
  if (!todo.length) return 'Nothing to do just now.';
  const next = todo.map(dateOf).find((date) => date !== null);
  return `${todo.length} to do${next ? `, next by ${day(next)}` : ''}.`;
}

/** How much waits at a place, or null. */
export function waitingWords({ records }: Pick<Facts, 'records'>): string | null {
  const waits = records.filter(({ st }) => st === 'kept').length;
  return waits ? `${waits} waiting` : null;
}

/** Does a message about safety wait to be read there? Pinned ones stand on top of that place's Today until they are. */
export function safetyWaits({ snapshot, records }: Pick<Facts, 'snapshot' | 'records'>): boolean {
  const read = records.map(({ data }) => (data as { message?: string }).message);
  return (snapshot?.messages ?? []).some(({ id, pinned }) => pinned && !read.includes(id));
}

/**
 * What somebody is told who has passed a module at another place, and is asked for it at this one too; null where that is
 * not so. Each place counts what was done there. `at`: when it was passed there, null while only this phone knows.
 */
export function passedElsewhere(here: string, asked: boolean, doneHere: boolean, there: string, doneThere: boolean, at: string | null): string | null {
  if (!asked || doneHere || !doneThere) return null;
  return `You passed this at ${there}${at ? ` on ${day(at)}` : ''}. ${here} asks for it too: show them your record.`;
}
