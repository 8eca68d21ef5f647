/**
 * "Ngozi O. is on this phone, at Bramble Home Care. Is this you?": a code of another provider adds a place to her record,
 * with the PIN she has, in place of making a second record. Only the phone knows that she is here; the server is told by
 * her PIN. A file of its own, which takes what the page has already from app.js.
 */

import { isOurs } from '../core/outbox.ts';
import { LEFT, byPerson, people, personUuid, value, type Person } from '../store/phone.ts';
import { ask, json } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import { button, buttonLink, make } from './elements.ts';
import { firstFetch, isEnrolment, rowFor, settle } from './enrol.ts';
import { curtainFor } from './pin-curtain.ts';
import { pinForm } from './pin-form.ts';
import { refusedPin } from './sign-in.ts';
import { called } from './who.ts';

/** The code at fault, or both records in use: the server's own words say what to do. */
const SAID = ['code-wrong', 'code-used', 'code-expired', 'here-already', 'used-before'];
const NO_ANSWER = 'No signal. This needs signal: try again.';

/** What the page says of the code. */
export interface Invite {
  code: string;
  provider: string;
  /** "Ngozi O.": whom it was made for. */
  name: string;
}

/**
 * The people on this phone who may be meant, each with the rows of their other places: nobody whose place at this provider
 * goes on, and nobody whose record was erased. Whoever has the very name stands first.
 */
export function candidates(all: readonly Person[], { provider, name }: Invite): Person[][] {
  const meant = (places: readonly Person[]): number => Number(called(places[0]!) === name);
  return byPerson(all)
    // A server put back to before she came knows nothing of that place: its row here stands still.
    .filter((places) => !places.some((one) => (one.provider.name === provider && one.refused !== LEFT && !one.paused) || one.paused === 'erased'))
    .map((places) => places.filter((one) => one.provider.name !== provider || one.refused === LEFT))
    .filter(([one]) => one)
    .sort((one, other) => meant(other) - meant(one));
}

export type Added = { end: 'added'; row: Person } | { end: 'mend' | 'later'; words: string };

/**
 * Ask the server to add the place. When this phone then cannot keep it the row is kept in `got`, so that another try asks
 * nothing: the code is used up by then. Throws NotSaved.
 */
export async function add(deps: Deps, who: Person, { code, provider }: Invite, pin: string, got: { row?: Person; unheard?: boolean }): Promise<Added> {
  if (!got.row) {
    const uuid = personUuid(who);
    const content = { proto: 1, code, person: uuid, pin };
    const answer = await ask(deps, '/api/v1/places', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) }).catch((error: unknown) => {
      if ((error as Error).name !== 'NoAnswer') throw error;
      return null;
    });
    const reply = answer && json(answer);
    if (!answer || !isOurs(reply, (await value('server')) ?? '')) {
      got.unheard = true;
      return { end: 'later', words: NO_ANSWER };
    }
    if (answer.status !== 201 || !isEnrolment(reply) || reply.person.id !== uuid) {
      const { error } = reply as { error?: { code?: string; message?: string } };
      // The answer to an earlier try went astray, and the place may be hers by now.
      if (error?.code === 'code-used' && got.unheard) return { end: 'later', words: `It may have worked, and this phone did not hear it. Ask ${provider} for a new code, and type it here.` };
      if (error?.message && SAID.includes(error.code ?? '')) return { end: 'later', words: error.message };
      const { end, words } = refusedPin(deps, who, answer);
      return { end: end === 'mend' ? end : 'later', words };
    }
    // The PIN the server has just known is the PIN; a phone without Web Crypto keeps the curtain it has.
    got.row = rowFor(await people(), reply, await curtainFor(pin, deps.random).catch(() => null), deps.now());
  }
  await settle(got.row, deps.now());
  return { end: 'added', row: got.row };
}

/** Draw the offer into `host`, and put what the page had in its place aside until somebody says that it is for them. */
export function start(host: HTMLElement, deps: Deps, all: readonly Person[]): void {
  const { code = '', provider = '', name = '' } = host.dataset;
  const invite = { code, provider, name };
  const meant = candidates(all, invite);
  const asNow = document.querySelector<HTMLElement>('[data-as-now]');
  if (!meant.length || !asNow) return;
  const show = (title: string, ...content: HTMLElement[]): HTMLElement => {
    const heading = make('h2', { class: 'bv-card__title', tabindex: '-1' }, title);
    host.replaceChildren(make('section', { class: 'bv-card bv-card--main', 'data-offer': true }, heading, ...content));
    return heading;
  };
  const paragraph = (words: string): HTMLElement => make('p', {}, words);
  const where = (places: readonly Person[]): string => places.map((one) => one.provider.name).join(' and ');
  const somebodyElse = (words: string): HTMLElement =>
    button(words, () => {
      host.replaceChildren();
      asNow.hidden = false;
      asNow.querySelector('a')?.focus();
    }, { look: 'wide', more: { 'data-as-somebody-else': true } });

  const askPin = (places: readonly Person[]): void => {
    const who = places[0]!;
    const got = {};
    const form = pinForm('place', who.name, `Add ${provider}`, async (pin, say) => {
      say('Adding…');
      const done = await add(deps, who, invite, pin, got);
      if (done.end !== 'added') return { words: done.words, blame: done.end === 'mend' };
      const h1 = document.querySelector('h1')!;
      h1.textContent = `${provider} is added`;
      document.title = `${h1.textContent} · Between Visits`;
      document.querySelector('.bv-lead')?.remove();
      show(`Your record now holds ${where(places)} and ${provider}.`, paragraph('You see all of it. Each place sees only what you do there. Your PIN is the same.'), buttonLink('Go to my lessons', '/today', { look: 'main', more: { 'data-added': true } })).focus();
      // What there is to do comes now; without signal it comes another time.
      await firstFetch(deps, done.row.id).catch(() => undefined);
      return null;
    });
    show(called(who), paragraph(`Type your PIN, the one you have. ${provider} is added to your record on this phone.`), form, make('p', { class: 'bv-section' }, somebodyElse('I am somebody else')));
    form.querySelector<HTMLInputElement>('input[name="pin"]')!.focus();
  };

  asNow.hidden = true;
  const [one, ...others] = meant;
  const press = (places: readonly Person[], words: string): HTMLElement => button(words, () => askPin(places), { look: others.length ? 'wide' : 'main', more: { 'data-add-place': places[0]!.id } });
  if (!others.length) show('Is this you?', paragraph(`${called(one![0]!)} is on this phone, at ${where(one!)}.`), make('div', { class: 'bv-stack bv-stack--close' }, press(one!, `Add ${provider} to my record`), somebodyElse('I am somebody else')));
  else show('Are you one of these?', paragraph(`They are on this phone. Are you one of them? Then ${provider} is added to your record.`), make('div', { class: 'bv-stack bv-stack--close' }, ...meant.map((places) => press(places, `I am ${called(places[0]!)}, at ${where(places)}`)), somebodyElse('I am somebody else')));
}

export type OfferFile = { start: typeof start };
