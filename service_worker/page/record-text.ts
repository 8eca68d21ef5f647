/** A person's record as plain text: hers to take to whoever she works for next. No DOM. */

import type { Facts } from './facts.ts';
import { day } from './say.ts';

/** Lines of text: who, what was finished when and until when, and both halves of each standard. */
export function recordText(facts: Facts, titleOf: (module: string) => string): string {
  const { person, snapshot } = facts;
  const finished = Object.entries(snapshot?.modules ?? {}).filter(([, one]) => one.completed_at);
  return [
    `Learning record of ${person.name}`,
    `${person.provider.name}, ${day(new Date(facts.now).toISOString())}`,
    '',
    'Finished modules',
    ...(finished.length ? finished.map(([key, one]) => `- ${titleOf(key)}: ${day(one.completed_at!)}${one.valid_until ? `, until ${day(one.valid_until)}` : ''}`) : ['- None yet']),
    '',
    'Standards (questions / seen in practice)',
    ...(snapshot?.standards ?? []).map((one) => `- ${one.number}. ${one.title}: ${one.know.done} of ${one.know.of} / ${one.shown.done} of ${one.shown.of}`),
    '',
    'Questions show what somebody knows. A standard is complete only when an assessor has also seen it in practice.',
    '',
  ].join('\n');
}
