/**
 * Practice observed, on the phones of assessors and of those they watch. A file of its own, as most of what a phone
 * does needs none of it; the build takes what the page has already from app.js.
 */

import type { Deps } from '../../sync/deps.ts';
import { assess } from './assess.ts';
import { confirm } from './confirm.ts';
import { keepFile } from '../keep-file.ts';
import { news } from './news.ts';
import { record } from './record.ts';
import { rows } from './rows.ts';
import { tools, type Tools } from './tools.ts';

const screens: { readonly [name: string]: (host: HTMLElement, tools: Tools) => void } = { assess, confirm, record, rows };

/** Draw the screen `host` asks for. */
export const start = (host: HTMLElement, deps: Deps): void => screens[(host.dataset['part'] ?? host.dataset['screen'])!]!(host, { ...tools, deps });

/** Ask the server what is new for this person, and keep this file. */
export async function round(deps: Deps, person: string): Promise<void> {
  await news({ ...tools, deps }, person);
  await keepFile(deps, new URL(import.meta.url).pathname, 'practice');
}

export type PracticeFile = { start: typeof start; round: typeof round };
