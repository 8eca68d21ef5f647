/** On Today: where one is, and what the other places ask for. */

import type { Person } from '../../store/phone.ts';
import { enter } from '../enter.ts';
import type { Facts } from '../facts.ts';
import type { Tools } from '../place-tools.ts';
import { safetyWaits, todoWords, waitingWords } from './words.ts';

/** Which place this is; said only to whoever has more than one. */
export function here(host: HTMLElement, tools: Tools): void {
  const { draw, gatherAll, make, whenChanged } = tools;
  whenChanged(async () => {
    const [at, ...others] = await gatherAll(tools.deps);
    draw(host, at && others.length ? make('p', { class: 'bv-soft', 'data-at': at.person.id }, `You are at ${at.person.provider.name}.`) : null);
  });
}

/** A quiet card for each other place. */
export function also(host: HTMLElement, tools: Tools): void {
  tools.whenChanged(async () => {
    const [at, ...others] = await tools.gatherAll(tools.deps);
    tools.draw(host, ...(at ? others.map((one) => card(one, at.person, tools)) : []));
  });
}

function card(facts: Facts, from: Person, { LEFT, buttonLink, button, deps, make, sign, standingOf, stillToDo }: Tools): HTMLElement {
  const { person } = facts;
  const { name } = person.provider;
  const ended = person.refused === LEFT;
  const waits = waitingWords(facts);
  const toConfirm = facts.snapshot?.practice?.to_confirm;
  const words = ended
    ? (person.left ?? 'Your place there has ended. Your record stays yours.')
    : facts.catalogue
      ? todoWords(stillToDo(facts), (module) => standingOf(facts, module.key).date ?? module.due ?? null)
      : 'Your lessons from there come with signal.';
  return make(
    'section',
    { class: 'bv-card bv-card--note bv-section', 'data-also': person.id },
    make('h2', { class: 'bv-card__title' }, `Also at ${name}`),
    safetyWaits(facts) && !ended ? make('p', { class: 'bv-strong' }, sign('A message about safety is there. Read it first.', 'warning', 'late')) : null,
    make('p', {}, words),
    toConfirm && !ended ? make('p', { class: 'bv-card__meta' }, sign(`${toConfirm} to confirm`, 'eye', 'wait')) : null,
    waits ? make('p', { class: 'bv-card__meta' }, sign(waits, 'clock', 'wait')) : null,
    person.paused && person.paused !== 'erased' ? buttonLink('Sign in to send', '/waiting', { look: 'quiet', sign: 'lock' }) : null,
    button(`Go to ${name}`, () => void enter(deps, person, from), { look: 'wide', more: { 'data-switch': person.id, 'data-key': person.id } }),
  );
}
