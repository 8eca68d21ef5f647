/**
 * Where somebody works, a copy of their record, and leaving this phone: for people with more than one place, and for whoever opens Me. A file of
 * its own, handed what the page has already (`Tools`); it stays on the phone once it was called for.
 */

import type { Tools } from '../places.ts';
import { keepFile } from '../keep-file.ts';
import { also, here } from './also.ts';
import { copy } from './copy.ts';
import { elsewhere } from './elsewhere.ts';
import { leave } from './leave.ts';
import { list } from './list.ts';

const parts: { readonly [name: string]: (host: HTMLElement, tools: Tools) => void } = { also, here, me, module: elsewhere };

function me(host: HTMLElement, tools: Tools): void {
  list(host, tools);
  copy(host, tools);
  leave(host, tools);
}

/** Draw the part `host` asks for, and keep this file. */
export function start(host: HTMLElement, tools: Tools): void {
  parts[host.dataset['part']!]!(host, tools);
  void keepFile(tools.deps, new URL(import.meta.url).pathname, 'places');
}

export type PlacesFile = { start: typeof start };
