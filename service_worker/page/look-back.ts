/** Quick look back: a few questions from before, one at a time, without marks. Each answer is kept as it is given. */

import type { Question } from '../core/edition.ts';
import { climbed } from '../core/climbed.ts';
import type { LookBack } from '../core/ladder.ts';
import { canMark, outcome } from '../core/marking.ts';
import { newRecord, type Answer } from '../core/records.ts';
import { NotSaved } from '../store/open.ts';
import { keep } from '../store/person.ts';
import type { Deps } from '../sync/deps.ts';
import { editionBody, makeRoom } from '../sync/editions.ts';
import { isReady } from './choosing.ts';
import { button, buttonLink, filled, make } from './elements.ts';
import { gather, lookBacksDue, onPhone, type Facts } from './facts.ts';
import { feedbackOf } from './feedback.ts';
import { feedbackPanel } from './feedback-panel.ts';
import { stampOf } from './go.ts';
import { alert, notJoined, paragraph } from './pieces.ts';
import { questionForm } from './question-form.ts';
import { count } from './say.ts';

interface Asked {
  item: LookBack;
  sha: string;
  question: Question;
  from: string;
}

/** Draw the look back into `host`. */
export async function lookBack(host: HTMLElement, deps: Deps): Promise<void> {
  const facts = await gather(deps);
  if (!facts) return host.replaceChildren(notJoined());
  const asked = await questionsDue(facts, deps);
  if (!asked.length) return host.replaceChildren(nothingDue());
  let missed = 0;
  const next = (place: number): void => {
    const one = asked[place];
    if (!one) return host.replaceChildren(end(asked.length, missed));
    ask(host, deps, facts, one, `Question ${place + 1} of ${asked.length}`, (right) => {
      if (!right) missed += 1;
      return () => next(place + 1);
    });
    if (place) host.querySelector<HTMLElement>('h2')?.focus();
  };
  next(0);
}

/** The due questions that are still in an edition on this phone. */
async function questionsDue(facts: Facts, deps: Deps): Promise<Asked[]> {
  const all = await Promise.all(
    lookBacksDue(facts).map(async (item): Promise<Asked | null> => {
      const row = onPhone(facts, item.module);
      const edition = row && (await editionBody(deps, row.sha).catch(() => null));
      const part = edition?.parts.find((one) => one.kind === 'question' && one.id === item.question);
      return row && part?.kind === 'question' && canMark(part.question) ? { item, sha: row.sha, question: part.question, from: row.title } : null;
    }),
  );
  return all.filter((one) => one !== null);
}

/** One question. `answered` is told whether it was right, and gives what Next does. */
function ask(host: HTMLElement, deps: Deps, facts: Facts, asked: Asked, words: string, answered: (right: boolean) => () => void): void {
  const { question, item } = asked;
  const prompt = filled('h2', { class: 'bv-question__prompt', id: 'the-question', tabindex: '-1' }, question.prompt);
  const below = make('div', { class: 'bv-stack' });
  let given: Answer | undefined;
  const check = button('Check', () => void tell(), { look: 'main', more: { 'data-check': true } });
  const form = questionForm({
    question,
    seed: deps.random(1)[0]!,
    choice: undefined,
    text: '',
    labelledBy: prompt.id,
    changed: (choice) => {
      given = choice;
      if (isReady(question, given) && !below.contains(check)) below.replaceChildren(check);
    },
    wrote: () => undefined,
  });
  let checking = false;
  const tell = async (): Promise<void> => {
    // A second tap while the first is being stored is no second answer.
    if (given === undefined || checking) return;
    checking = true;
    const value = outcome(question, given);
    const record = newRecord(await stampOf(deps), 'look-back.answered', asked.sha, { items: [{ module: item.module, sha: asked.sha, question: item.question, answer: given, outcome: value }] });
    try {
      await keep(facts.person.id, [record], { lookBacks: [climbed(item, value, deps.now())], makeRoom: () => makeRoom(deps) });
    } catch (error) {
      checking = false;
      if (!(error instanceof NotSaved)) throw error;
      below.replaceChildren(alert('warning', 'Not saved: do not close', paragraph('This phone could not store it. Take some photos or an app off it, then try again.')), check);
      return;
    }
    form.close();
    const panel = feedbackPanel({ ...feedbackOf(question, given), mustYet: false }, null, []);
    const more = answered(value === 100);
    below.replaceChildren(panel, make('p', { class: 'bv-soft bv-small' }, 'Saved on this phone.'), button('Next', more, { look: 'main' }));
    panel.focus();
  };
  host.replaceChildren(make('p', { class: 'bv-soft bv-small' }, `${words} · ${asked.from}`), prompt, make('div', { class: 'bv-question' }, form.element), below);
}

const nothingDue = (): HTMLElement =>
  make('div', { class: 'bv-card' }, paragraph('Nothing to look back on just now. Questions come round again a day, a week and a month after you answer them.'), buttonLink('Back to Today', '/today', { look: 'main' }));

const end = (all: number, missed: number): HTMLElement =>
  make(
    'section',
    { class: 'bv-card bv-card--main' },
    make('h2', { class: 'bv-card__title', tabindex: '-1' }, 'That was it.'),
    paragraph(missed ? `${count(missed, 'question comes', 'questions come')} back sooner, so it sticks.` : all === 1 ? 'You still know it. It comes back later.' : 'You still know them all. They come back later.'),
    buttonLink('Back to Today', '/today', { look: 'main' }),
  );
