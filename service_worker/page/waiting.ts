/** "Waiting to send": everything that is only on this phone, since when, and what one can do about it. */

import type { Person } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { RESERVE, makeRoom } from '../sync/editions.ts';
import { sendAll, tryAgain } from '../sync/send.ts';
import { changed, whenChanged } from './changes.ts';
import { draw } from './draw.ts';
import { announce, button, make } from './elements.ts';
import { gatherAll, titleOf, waitingOf, type Facts } from './facts.ts';
import { saveCopy } from './not-saved.ts';
import { alert, notJoined, paragraph, row, sign } from './pieces.ts';
import { when } from './say.ts';
import { ALL_SENT, itemsOf, outcomeOf, type Item } from './waiting-words.ts';

const states = {
  waiting: () => sign('Waiting to send', 'clock', 'wait'),
  'not-sent': () => sign('Not sent', 'triangle', 'late'),
  held: () => sign('To be looked at', 'eye', 'wait'),
};

/** Draw the list into `host`. */
export function waiting(host: HTMLElement, deps: Deps): void {
  let said = '';
  const show = async (): Promise<void> => {
    const all = await gatherAll(deps);
    const facts = all[0];
    if (!facts) return void draw(host, notJoined());
    const lists = all.map((one) => ({ ...one, items: itemsOf(one.records, one.now, (module) => titleOf(one, module)) }));
    const items = lists.flatMap((one) => one.items);
    host.classList.toggle('bv-section', Boolean(facts.person.paused));
    const unsent = items.filter((item) => item.state !== 'held');
    draw(
      host,
      ...(await roomAlert(deps, show)),
      ...(items.length ? lists.filter((one) => one.items.length).flatMap((one) => [all.length > 1 ? make('h2', { class: 'bv-section__title' }, one.person.provider.name) : null, list(one.items)]) : [facts.person.paused ? null : allSent(all)]),
      said && items.length ? make('p', { class: 'bv-strong' }, said) : null,
      items.length
        ? make(
            'div',
            { class: 'bv-stack bv-stack--close' },
            // While a sign-in is needed, that is the one thing to do here.
            unsent.length && !facts.person.paused ? button('Try again', () => void again(lists), { look: 'main', more: { 'data-try-again': true } }) : null,
            ...lists.filter((one) => one.items.length).map(({ person }) => button(all.length > 1 ? `Save a copy for ${person.provider.name}` : 'Save a copy', () => void saveCopy(deps, person.id), { look: 'wide', sign: 'save', more: { 'data-save-copy': true } })),
            make('p', { class: 'bv-soft bv-small' }, 'A copy is a file. Your manager can add it to your record. It holds no PIN.'),
          )
        : null,
    );
  };
  const again = async (lists: readonly { person: Person; items: Item[] }[]): Promise<void> => {
    said = 'Sending…';
    await show();
    const ends: string[] = [];
    for (const { person, items } of lists) {
      await tryAgain(person.id, items.filter((item) => item.state === 'not-sent').flatMap((item) => item.ids));
      const report = await sendAll(deps, { force: true, person: person.id });
      ends.push(outcomeOf(report.people[0], report.ran));
    }
    // What went wrong at one place is not hidden by what went right at another.
    said = ends.sort((one, other) => Number(one === ALL_SENT) - Number(other === ALL_SENT))[0]!;
    announce(said);
    changed();
  };
  whenChanged(show);
}

const list = (items: readonly Item[]): HTMLElement =>
  make(
    'ul',
    { class: 'bv-list' },
    ...items.map((item) => row(item.title, [states[item.state](), item.time, ...(item.reason ? [item.reason] : item.old ? ['More than a week ago'] : [])])),
  );

function allSent(all: readonly Facts[]): HTMLElement {
  const { now } = all[0]!;
  const { lastSent } = waitingOf(all.flatMap(({ records }) => records), now);
  return make('div', { class: 'bv-card' }, make('p', { class: 'bv-strong' }, sign('Everything is sent', 'tick')), paragraph(lastSent ? `Last sent ${when(lastSent, now)}.` : 'Nothing has been waiting yet.'));
}

/** Less room than records may need: lessons that are finished can leave, the record cannot. */
async function roomAlert(deps: Deps, show: () => Promise<void>): Promise<HTMLElement[]> {
  const room = await deps.room();
  if (room === null || room >= RESERVE) return [];
  const free = async (): Promise<void> => {
    const enough = await makeRoom(deps);
    announce(enough ? 'There is room again.' : 'There is nothing more to take off. Take some photos or an app off this phone.');
    await show();
  };
  return [alert('warning', 'This phone is nearly full', paragraph('Take finished lessons off it? Your record stays safe.'), button('Take them off', () => void free()))];
}
