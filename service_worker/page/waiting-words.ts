/** What "Waiting to send" says of each thing. No DOM. */

import { shownAs } from '../core/outbox.ts';
import type { Kept } from '../core/records.ts';
import type { PersonReport } from '../sync/send.ts';
import { count, day, when } from './say.ts';

export interface Item {
  /** Ids of the records this line stands for. */
  ids: string[];
  title: string;
  time: string;
  state: 'waiting' | 'not-sent' | 'held';
  /** Why, when it did not go. */
  reason: string | null;
  old: boolean;
}

const WEEK = 7 * 86_400_000;

const named: { [kind: string]: string } = { 'lesson.read': 'Read', 'quiz.answered': 'Your answers', 'reflection.saved': 'Your own words', 'look-back.answered': 'Quick look back', 'goal.saved': 'A goal' };

const TOO_LONG = ['too-big', 'too-large'];

/** Lines for records, oldest first. What was read of one module is one line; everything else stands alone. */
export function itemsOf(own: readonly Kept[], now: number, titleOf: (module: string) => string | undefined): Item[] {
  const items: Item[] = [];
  const reading = new Map<string, Item>();
  for (const record of own) {
    const shown = shownAs(record, now);
    if (shown === 'sent') continue;
    const module = (record.data as { module?: string }).module;
    const title = module && titleOf(module);
    const item: Item = {
      ids: [record.id],
      title: [named[record.kind] ?? (/^obs/.test(record.kind) ? 'Practice seen' : 'Something you did'), title].filter(Boolean).join(': '),
      time: when(record.at, now),
      state: shown,
      reason: shown === 'not-sent' ? reasonOf(record) : shown === 'held' ? 'It has arrived. Somebody looks at it.' : null,
      old: shown !== 'held' && now - Date.parse(record.at) > WEEK,
    };
    const key = `${module} ${shown}`;
    const same = record.kind === 'lesson.read' ? reading.get(key) : undefined;
    if (same) same.ids.push(record.id);
    else items.push(item);
    if (record.kind === 'lesson.read' && !same) reading.set(key, item);
  }
  for (const item of reading.values()) if (item.ids.length > 1) item.title = item.title.replace(/^Read/, `Read ${count(item.ids.length, 'lesson')}`);
  return items;
}

function reasonOf(record: Kept): string {
  if (record.st === 'refused') return TOO_LONG.includes(record.code ?? '') ? 'It is too long to send.' : 'The server could not read it.';
  return `It has been waiting since ${day(record.at)}.`;
}

export const ALL_SENT = 'Sent. All up to date.';

/** What came of "Try again", in one line. */
export function outcomeOf(report: PersonReport | undefined, ran: boolean): string {
  if (!ran || !report) return 'It is being sent already.';
  switch (report.end) {
    case 'done':
      return report.left ? `${report.left} still waiting.` : report.refused ? 'Some did not go. They are still here.' : ALL_SENT;
    case 'paused':
      return 'Sign in to send.';
    case 'no-answer':
      return 'No signal. Carry on. We will send it later.';
    default:
      return 'Something went wrong at our end. What you did is saved on this phone.';
  }
}
