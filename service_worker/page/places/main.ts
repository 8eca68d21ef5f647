/**
 * Looking back, the rest of Me (the PIN, a copy of the record, leaving this phone), easy-read letters, and several places: what nobody needs on the first day.
 * A file of its own, which takes what the page has already from app.js; it is kept on the phone from then on.
 */

import type { Deps } from '../../sync/deps.ts';
import { keepFile } from '../keep-file.ts';
import { also, here } from './also.ts';
import { copy } from './copy.ts';
import { elsewhere } from './elsewhere.ts';
import { lookBack } from '../look-back.ts';
import { inMe } from './in-me.ts';
import { get } from './getting.ts';
import { leave } from './leave.ts';
import { keepLetters } from './letters.ts';
import { list } from './list.ts';
import { tools, type Tools } from '../place-tools.ts';

const parts: { readonly [name: string]: (host: HTMLElement, tools: Tools) => void } = { also, here, 'look-back': (host, { deps }) => void lookBack(host, deps), me, module: elsewhere };

function me(host: HTMLElement, tools: Tools): void {
  list(host, tools);
  copy(host, tools);
  leave(host, tools);
  inMe(tools.deps);
}

/** Keep this file for when there is no signal. */
export const keep = (deps: Deps): Promise<boolean> => keepFile(deps, new URL(import.meta.url).pathname, 'places');

/** Draw the part `host` asks for. */
export function start(host: HTMLElement, deps: Deps): void {
  parts[host.dataset['part']!]!(host, { ...tools, deps });
  void keep(deps);
}

export { get, keepLetters };
export type PlacesFile = { get: typeof get; keep: typeof keep; keepLetters: typeof keepLetters; start: typeof start };
