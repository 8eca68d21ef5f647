/** My record: standards with both halves, what is finished, and the time it took. The manager sees the same. */

import type { Snapshot } from '../core/api.ts';
import type { Deps } from '../sync/deps.ts';
import { whenChanged } from './changes.ts';
import { draw } from './draw.ts';
import { button, make } from './elements.ts';
import { gatherAll, standingOf, titleOf, type Facts } from './facts.ts';
import { minutesThisMonth } from './minutes-spent.ts';
import { linkRow, notJoined, paragraph, sign, statusSign } from './pieces.ts';
import { take } from './record-text.ts';
import { count, day, minutes } from './say.ts';

/** Draw it into `host`. */
export function record(host: HTMLElement, deps: Deps): void {
  whenChanged(async () => {
    const all = await gatherAll(deps);
    if (!all.length) return void draw(host, notJoined());
    // Minutes were spent by one person, wherever she works.
    const spent = all.reduce((sum, facts) => sum + minutesThisMonth(facts), 0);
    draw(
      host,
      make('p', { class: 'bv-lead' }, spent ? `${minutes(spent)} of learning this month.` : 'Nothing yet this month. Two minutes is a good start.'),
      ...all.flatMap((facts) => [all.length > 1 ? make('h2', { class: 'bv-section', 'data-place': facts.person.id }, facts.person.provider.name) : null, ...atPlace(facts, all.length > 1 ? 'h3' : 'h2', host)]),
      make('p', { class: 'bv-section' }, button('Take my record with me', () => void take(all), { look: 'wide', sign: 'save', more: { 'data-take-record': true } })),
    );
  });
}

/** What is finished at one place, and its standards, under headings of this `level`; what is opened in `host` stays open. */
function atPlace(facts: Facts, level: 'h2' | 'h3', host: HTMLElement): (HTMLElement | null)[] {
  const finished = finishedModules(facts);
  const title = (words: string): HTMLElement => make(level, { class: 'bv-section__title' }, words);
  return [
    make('section', { class: 'bv-section' }, title('Finished'), finished.length ? make('ul', { class: 'bv-list' }, ...finished) : make('div', { class: 'bv-card bv-card--plain' }, paragraph('What you finish stands here, and stays yours.'))),
    standards(facts, title('The standards'), host),
  ];
}

function finishedModules(facts: Facts): HTMLElement[] {
  const told = facts.snapshot?.modules ?? {};
  const keys = new Set([...Object.keys(told).filter((key) => told[key]!.completed_at), ...facts.passedHere]);
  return [...keys]
    .map((key) => ({ key, title: titleOf(facts, key) ?? key.replaceAll('-', ' '), at: told[key]?.completed_at ?? null, until: told[key]?.valid_until ?? null, fresh: facts.passedHere.has(key) }))
    .sort((one, other) => Number(other.fresh) - Number(one.fresh) || ((one.at ?? '') < (other.at ?? '') ? 1 : -1))
    .map(({ key, title, at, until, fresh }) => {
      const { status, date } = standingOf(facts, key);
      // Marked on this phone only: true, but nobody else has seen it yet.
      const shown = fresh ? [sign('Saved here, waiting to send', 'clock', 'wait')] : [statusSign(status, date), ...(at ? [`Finished ${day(at)}`] : []), ...(until && status === 'in-date' ? [`Until ${day(until)}`] : [])];
      return linkRow(title, `/learn/${key}`, shown);
    });
}

function standards({ person, snapshot }: Facts, title: HTMLElement, host: HTMLElement): HTMLElement | null {
  if (!snapshot?.standards.length) return null;
  const isBegun = ({ know, shown }: Snapshot['standards'][number]): boolean => know.done + shown.done > 0;
  const begun = snapshot.standards.filter(isBegun);
  // On a first day that is all of them: a long list of noughts helps nobody.
  const later = snapshot.standards.filter((one) => !isBegun(one));
  return make(
    'section',
    { class: 'bv-section' },
    title,
    paragraph('A standard has two halves: what you know, and what somebody has seen you do. It is complete when both are.'),
    begun.length ? make('ul', { class: 'bv-list' }, ...begun.map(standard)) : null,
    later.length ? make('details', { class: 'bv-more', 'data-not-begun': person.id, open: host.querySelector<HTMLDetailsElement>(`[data-not-begun="${person.id}"]`)?.open ?? false }, make('summary', { class: 'bv-more__title', 'data-key': person.id }, count(later.length, 'standard not begun', 'standards not begun')), make('ul', { class: 'bv-list' }, ...later.map(standard))) : null,
  );
}

function standard({ number, title, know, shown }: Snapshot['standards'][number]): HTMLElement {
  const whole = (half: { done: number; of: number }): boolean => half.of > 0 && half.done >= half.of;
  const half = (name: string, done: { done: number; of: number }): HTMLElement =>
    make('p', { class: `bv-halves__half${whole(done) ? ' bv-halves__half--whole' : ''}` }, make('span', { class: 'bv-halves__name' }, name), ' ', make('span', { class: 'bv-halves__count' }, done.of ? `${done.done} of ${done.of}` : 'None needed'));
  const complete = (whole(know) || !know.of) && (whole(shown) || !shown.of) && know.of + shown.of > 0;
  return make(
    'li',
    { class: 'bv-list__item' },
    make(
      'div',
      { class: 'bv-list__row' },
      make('div', { class: 'bv-list__body' }, make('span', { class: 'bv-list__title' }, `${number}. ${title}`), complete ? make('p', { class: 'bv-list__meta' }, sign('Complete', 'record', 'done')) : null, make('div', { class: 'bv-halves' }, half('Know', know), half('Shown', shown))),
    ),
  );
}
