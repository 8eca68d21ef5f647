/**
 * Where somebody works, a copy of their record, leaving this phone, easy-read letters: for people with more than one place, and for whoever opens Me.
 * A file of its own, which takes what the page has already from app.js; it is kept on the phone from then on.
 */

import type { Deps } from '../../sync/deps.ts';
import { keepFile } from '../keep-file.ts';
import { also, here } from './also.ts';
import { copy } from './copy.ts';
import { elsewhere } from './elsewhere.ts';
import { fingerRow } from './finger-row.ts';
import { leave } from './leave.ts';
import { keepLetters } from './letters.ts';
import { list } from './list.ts';
import { tools, type Tools } from '../place-tools.ts';

const parts: { readonly [name: string]: (host: HTMLElement, tools: Tools) => void } = { also, here, me, module: elsewhere };

function me(host: HTMLElement, tools: Tools): void {
  list(host, tools);
  copy(host, tools);
  leave(host, tools);
  fingerRow(tools.deps);
}

/** Keep this file for when there is no signal. */
export const keep = (deps: Deps): Promise<boolean> => keepFile(deps, new URL(import.meta.url).pathname, 'places');

/** Draw the part `host` asks for. */
export function start(host: HTMLElement, deps: Deps): void {
  parts[host.dataset['part']!]!(host, { ...tools, deps });
  void keep(deps);
}

export { keepLetters };
export type PlacesFile = { keep: typeof keep; keepLetters: typeof keepLetters; start: typeof start };
