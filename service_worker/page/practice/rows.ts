/** The ways in, on Today and in Me: for somebody who was watched, and for somebody who may watch. */

import type { Tools } from './tools.ts';
import { stillToConfirm } from './confirm.ts';
import { listOf } from './pieces.ts';

/** Draw into `host`; nothing where there is nothing to do. */
export function rows(host: HTMLElement, tools: Tools): void {
  const { linkRow, sign } = tools;
  tools.whenChanged(async () => {
    const who = await tools.currentPerson(tools.deps);
    const [practice, own] = who ? await Promise.all([tools.state(who.id, 'practice'), tools.records(who.id)]) : [];
    const left = stillToConfirm(practice, own ?? []).length;
    const both = [...(left ? [linkRow('Somebody saw you work', '/confirm', [sign('Is it right?', 'eye', 'wait')])] : []), ...(practice?.scope.length ? [linkRow('Watch somebody work', '/assess')] : [])];
    tools.draw(host, both.length ? listOf(tools, ...both) : null);
  });
}
