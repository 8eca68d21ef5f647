/** A page that is not on this phone: which one, and what opens all the same. */

import type { Deps } from '../sync/deps.ts';
import { button, make } from './elements.ts';
import { gather, onPhone, titleOf } from './facts.ts';
import { linkRow } from './pieces.ts';
import { minutes } from './say.ts';

const MOST = 5;

/** Add to `host`, whose words stand already, what can be opened here and now. */
export async function offline(host: HTMLElement, deps: Deps): Promise<void> {
  const asked = /^\/learn\/([a-z0-9-]+)/.exec(location.pathname)?.[1];
  const here = location.pathname === '/offline';
  if (!here) {
    host.append(make('p', {}, button('Try again', () => location.reload(), { look: 'wide', sign: 'updated' })));
    addEventListener('online', () => location.reload());
  }
  const facts = await gather(deps);
  const title = facts && asked && titleOf(facts, asked);
  if (title) host.querySelector('.bv-lead')!.textContent = `“${title}” is not on this phone, and there is no signal to get it.`;
  const open = (facts?.catalogue?.modules ?? []).filter((module) => onPhone(facts!, module.key)).slice(0, MOST);
  if (!open.length) return;
  host.append(make('h2', { class: 'bv-section__title bv-section' }, 'On this phone'), make('ul', { class: 'bv-list' }, ...open.map((module) => linkRow(module.title, `/learn/${module.key}`, [minutes(module.minutes)]))));
}
