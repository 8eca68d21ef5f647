/** The part of My record that shows what somebody has seen: which criteria, who saw it and when, and what comes next. */

import type { Person } from '../../store/phone.ts';
import type { Tools } from './tools.ts';
import { day } from '../say.ts';
import { stillToConfirm } from './confirm.ts';
import { listOf, row, section, textOf, titled, words } from './pieces.ts';

/** Draw into `host`. */
export function record(host: HTMLElement, tools: Tools): void {
  tools.whenChanged(async () => {
    const who = await tools.currentPerson(tools.deps);
    const all = who ? await tools.placesOf(who) : [];
    tools.draw(host, ...(await Promise.all(all.map((place) => atPlace(tools, place, all.length > 1, place === who)))).flat());
  });
}

/** What was seen at one place; nothing at a further one where practice is not watched. */
async function atPlace(tools: Tools, { id, provider }: Person, several: boolean, here: boolean): Promise<(HTMLElement | null)[]> {
  const [practice, own, told] = await Promise.all([tools.state(id, 'practice'), tools.records(id), tools.state(id, 'snapshot')]);
  if (several && !told?.practice) return [];
  const at = several ? `, ${provider.name}` : '';
  const shown = Object.entries(practice?.shown ?? {}).sort(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }));
  const left = stillToConfirm(practice, own).length;
  return [
    section(
      tools,
      'shown',
      `Seen at work${at}`,
      shown.length ? listOf(tools, ...shown.map(([code, { on, by }]) => row(tools, titled(code, textOf(practice, code)), [tools.sign('Shown', 'eye', 'done'), ` ${by}, ${day(on)}`]))) : words(tools, 'What somebody sees you do stands here, once you have both said so.'),
      // It is confirmed at the place it was seen at.
      here ? listOf(tools, tools.linkRow('Somebody saw me work', '/confirm', [left ? tools.sign(`${left} to confirm`, 'clock', 'wait') : 'With a code, or from their phone'])) : null,
    ),
    practice?.next.length ? section(tools, 'next-steps', `Next steps${at}`, listOf(tools, ...practice.next.map(({ code, text, next_step, next_on }) => row(tools, next_step, [titled(code, text), `. Look again on ${day(next_on)}.`])))) : null,
  ];
}
