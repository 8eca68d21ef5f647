/** A person's record as plain text: hers to take to whoever she works for next. */

import { announce } from './elements.ts';
import { titleOf, type Facts } from './facts.ts';
import { saveBytes } from './not-saved.ts';
import { count, day } from './say.ts';

/** Lines of text: who, what was finished when and until when, and both halves of each standard. */
export function recordText(facts: Facts): string {
  const { person, snapshot } = facts;
  const finished = Object.entries(snapshot?.modules ?? {}).filter(([, one]) => one.completed_at);
  return [
    `Learning record of ${person.name}`,
    `${person.provider.name}, ${day(new Date(facts.now).toISOString())}`,
    '',
    'Finished modules',
    ...(finished.length ? finished.map(([key, one]) => `- ${titleOf(facts, key) ?? key.replaceAll('-', ' ')}: ${day(one.completed_at!)}${one.valid_until ? `, until ${day(one.valid_until)}` : ''}`) : ['- None yet']),
    '',
    'Standards (questions / seen in practice)',
    ...(snapshot?.standards ?? []).map((one) => `- ${one.number}. ${one.title}: ${one.know.done} of ${one.know.of} / ${one.shown.done} of ${one.shown.of}`),
    '',
    'Questions show what somebody knows. A standard is complete only when an assessor has also seen it in practice.',
    '',
  ].join('\n');
}

const NAME = 'my-record.txt';
const TYPE = 'text/plain';

/** As plain words in a file, or to whatever this phone shares with. */
export async function take(all: readonly Facts[]): Promise<void> {
  const text = all.map(recordText).join('\n');
  const files = [new File([text], NAME, { type: TYPE })];
  // Closing the phone's own share sheet is a choice, not trouble.
  if (navigator.canShare?.({ files })) return navigator.share({ files, title: 'My record' }).catch(() => undefined);
  saveBytes(NAME, TYPE, text);
  announce(`Your record is in your downloads: ${count(text.split('\n').length, 'line')}.`);
}
