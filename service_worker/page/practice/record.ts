/** The part of My record that shows what somebody has seen: which criteria, who saw it and when, and what comes next. */

import type { Tools } from '../practice.ts';
import { day } from '../say.ts';
import { stillToConfirm } from './confirm.ts';
import { listOf, row, section, textOf, titled, words } from './pieces.ts';

/** Draw into `host`. */
export function record(host: HTMLElement, tools: Tools): void {
  tools.whenChanged(async () => {
    const who = await tools.currentPerson(tools.deps);
    if (!who) return void tools.draw(host);
    const [practice, own] = await Promise.all([tools.state(who.id, 'practice'), tools.records(who.id)]);
    const shown = Object.entries(practice?.shown ?? {}).sort(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }));
    const left = stillToConfirm(practice, own).length;
    tools.draw(
      host,
      section(
        tools,
        'shown',
        'Seen at work',
        shown.length ? listOf(tools, ...shown.map(([code, { on, by }]) => row(tools, titled(code, textOf(practice, code)), [tools.sign('Shown', 'eye', 'done'), ` ${by}, ${day(on)}`]))) : words(tools, 'What somebody sees you do stands here, once you have both said so.'),
        listOf(tools, tools.linkRow('Somebody saw me work', '/confirm', [left ? tools.sign(`${left} to confirm`, 'clock', 'wait') : 'With a code, or from their phone'])),
      ),
      practice?.next.length ? section(tools, 'next-steps', 'Next steps', listOf(tools, ...practice.next.map(({ code, text, next_step, next_on }) => row(tools, next_step, [titled(code, text), `. Look again on ${day(next_on)}.`])))) : null,
    );
  });
}
