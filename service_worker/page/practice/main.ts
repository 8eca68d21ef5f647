/**
 * Practice observed, on the phones of assessors and of those they watch. A file of its own, as most of what a phone
 * does needs none of it; it is handed what the page has already (`Tools`).
 */

import type { Tools } from '../practice.ts';
import { assess } from './assess.ts';
import { confirm } from './confirm.ts';
import { keepFile } from '../keep-file.ts';
import { news } from './news.ts';
import { record } from './record.ts';
import { rows } from './rows.ts';

const screens: { readonly [name: string]: (host: HTMLElement, tools: Tools) => void } = { assess, confirm, record, rows };

/** Draw the screen `host` asks for. */
export const start = (host: HTMLElement, tools: Tools): void => screens[(host.dataset['part'] ?? host.dataset['screen'])!]!(host, tools);

/** Ask the server what is new for this person, and keep this file. */
export async function round(tools: Tools, person: string): Promise<void> {
  await news(tools, person);
  await keepFile(tools.deps, new URL(import.meta.url).pathname, 'practice');
}

export type PracticeFile = { start: typeof start; round: typeof round };
