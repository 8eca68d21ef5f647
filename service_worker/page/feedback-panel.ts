/** The answer to an answer: a word with its sign, the reason for each thing chosen, and why it matters. */

import type { Feedback } from './feedback.ts';
import { MUST } from './feedback.ts';
import { filled, freshId, icon, make } from './elements.ts';

const signs = { right: 'tick', partly: 'circle-half', 'not-quite': 'updated', saved: 'phone' } as const;
const words = { right: 'Yes', 'not-quite': 'Not quite' } as const;

/** Draw it. `lesson` is the address of the lesson the question belongs to; `more` are further things to do. */
export function feedbackPanel(said: Feedback, lesson: string | null, more: readonly HTMLElement[]): HTMLElement {
  const title = make('h2', { class: 'bv-feedback__title', id: freshId('feedback') }, icon(signs[said.look]), said.title);
  const panel = make('section', { class: `bv-feedback bv-feedback--${said.look} bv-appear`, tabindex: '-1', 'aria-labelledby': title.id, 'data-feedback': said.look }, title);
  for (const line of said.lines) panel.append(make('p', {}, line));
  const [only] = said.reasons;
  if (said.reasons.length === 1 && only && !only.about) {
    if (only.html) panel.append(filled('div', { class: 'bv-prose bv-feedback__reason' }, only.html));
  } else if (said.reasons.length) {
    panel.append(
      make('ul', { class: 'bv-feedback__reasons' }, ...said.reasons.map((reason) =>
        make(
          'li',
          { class: `bv-feedback__about bv-feedback__about--${reason.look}` },
          make('p', { class: 'bv-feedback__word' }, icon(signs[reason.look]), `${words[reason.look]}:`, ' ', filled('span', {}, reason.about ?? '')),
          reason.html ? filled('div', { class: 'bv-prose bv-feedback__reason' }, reason.html) : null,
        ))),
    );
  }
  if (said.mustYet) {
    panel.append(
      make(
        'div',
        { class: 'bv-feedback__must' },
        make('p', {}, MUST),
        lesson ? make('p', {}, make('a', { href: lesson, class: 'bv-button bv-button--wide', 'data-read-again': true }, icon('learn'), 'Read this part again')) : null,
      ),
    );
  }
  if (said.explain) panel.append(make('div', { class: 'bv-feedback__explain' }, make('h3', { class: 'bv-feedback__why' }, said.explainTitle), filled('div', { class: 'bv-prose' }, said.explain)));
  if (more.length) panel.append(make('div', { class: 'bv-feedback__more' }, ...more));
  return panel;
}
