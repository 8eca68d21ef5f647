/**
 * My passport: what somebody can show of all their places, the links by which they show it, and files to take along. A
 * file of its own, which takes what the page has already from app.js.
 */

import type { Passport } from '../../core/api.ts';
import type { Person } from '../../store/phone.ts';
import { tools as given, type Tools } from '../place-tools.ts';
import type { Deps } from '../../sync/deps.ts';
import { keepFile } from '../keep-file.ts';
import { day } from '../say.ts';
import { files } from './files.ts';
import { links } from './links.ts';
import { news } from './news.ts';
import { grouped, nameOf, saidBy, standingOf, type Group, type Thing } from './rules.ts';
import { share } from './share.ts';
import type { QrFile } from '../qr.ts';

/** A place with what is known of it. `tokens`: of links this phone made, by their id. */
export interface Place {
  person: Person;
  provider: string;
  passport: Passport;
  tokens: { [link: string]: string };
}

/** Draw it in `host`, then ask what is new. */
export function start(host: HTMLElement, deps: Deps): void {
  const tools: Tools = { ...given, deps };
  const box = (name: string): HTMLElement => host.appendChild(tools.make('div', { [`data-${name}`]: true }));
  const [top, form, list, things, take] = [box('lead'), box('share'), box('links'), box('held'), box('files')];
  let asked = false;
  const squares = tools.load(host.dataset['qr']!).then((file) => (file as QrFile).qr, () => null);
  tools.whenChanged(async () => {
    const who = await tools.currentPerson(tools.deps);
    if (!who) return void tools.draw(top, tools.notJoined());
    const people = await tools.placesOf(who);
    const places = (await Promise.all(people.map((person) => known(tools, person)))).filter((one): one is Place => !!one);
    const now = tools.deps.now() + ((await tools.value('clockOffset'))?.off ?? 0);
    held(top, things, tools, places, now);
    share(form, tools, places, now);
    links(list, tools, places, now, await squares);
    files(take, tools, places, now);
    if (!asked) {
      asked = true;
      await Promise.all(people.map((person) => news(tools, person)));
      if (!places.length && !(await known(tools, who))) tools.draw(top, tools.make('p', {}, 'Open this once where there is signal. Then it works without.'));
      else tools.changed();
    }
  });
  addEventListener('online', () => {
    asked = false;
    tools.changed();
  });
  void keepFile(tools.deps, new URL(import.meta.url).pathname, 'passport');
  void keepFile(tools.deps, host.dataset['qr']!, 'qr');
}

async function known({ state }: Tools, person: Person): Promise<Place | null> {
  const passport = await state(person.id, 'passport');
  return passport ? { person, provider: person.provider.name, passport, tokens: (await state(person.id, 'passport-tokens')) ?? {} } : null;
}

function held(top: HTMLElement, things: HTMLElement, tools: Tools, places: readonly Place[], now: number): void {
  if (!places.length) return;
  const { draw, make } = tools;
  const groups = grouped(places);
  const unsigned = !places.some(({ passport }) => passport.signs);
  draw(
    top,
    make('p', { class: 'bv-lead' }, groups.length ? 'What you know and can do. It is yours, wherever you work.' : 'Nothing here yet.'),
    groups.length ? null : make('div', { class: 'bv-card bv-card--plain' }, make('p', {}, 'The first one comes by itself: when you have passed all that a standard asks you to know, or an elective. The next when somebody has seen you do it at work.'), make('a', { class: 'bv-button bv-button--main', href: '/learn' }, 'Find something to learn')),
    unsigned ? make('div', { class: 'bv-alert bv-alert--note', 'data-unsigned': true }, make('p', { class: 'bv-alert__title' }, 'This server does not sign yet'), make('p', {}, `What you have met stands here and in your record. Others cannot check it yet. ${places[0]!.person.contact ?? 'Your manager'} can ask whoever runs the server.`)) : null,
  );
  draw(things, ...groups.map((group) => section(tools, group, now)));
}

function section(tools: Tools, { title, things, missing }: Group, now: number): HTMLElement {
  const { make, sign } = tools;
  return make(
    'section',
    { class: 'bv-section' },
    make('h2', { class: 'bv-section__title' }, title),
    make(
      'ul',
      { class: 'bv-list' },
      ...things.map((thing) => item(tools, thing, now)),
      ...missing.map((half) => make('li', { class: 'bv-list__item' }, make('div', { class: 'bv-list__row' }, make('div', { class: 'bv-list__body' }, make('span', { class: 'bv-list__title' }, half), make('div', { class: 'bv-list__meta' }, sign('Not yet', 'circle')))))),
    ),
  );
}

function item({ make, sign }: Tools, thing: Thing, now: number): HTMLElement {
  const { at, id, provider, signed, until, why, withdrawn } = thing;
  const { evidence, lines, words } = saidBy(signed);
  return make(
    'li',
    { class: 'bv-list__item' },
    make(
      'div',
      { class: 'bv-list__row' },
      make(
        'div',
        { class: 'bv-list__body' },
        make('span', { class: 'bv-list__title' }, nameOf(thing)),
        make('div', { class: 'bv-list__meta' }, sign(...standingOf(thing, now)), ' ', make('span', {}, `${provider}, ${day(at)}`), ...(until && !withdrawn ? [' ', make('span', {}, `Until ${day(until)}`)] : [])),
        withdrawn ? make('p', { class: 'bv-small' }, `Withdrawn on ${day(withdrawn)}. ${why ?? ''}`) : null,
        words ? make('details', { class: 'bv-more' }, make('summary', { class: 'bv-more__title', 'data-key': `more-${id}` }, 'What it says'), make('div', { class: 'bv-more__body' }, make('p', {}, words), lines[0] ? make('ul', {}, ...lines.map((line) => make('li', {}, line))) : null, ...evidence.map((line) => make('p', { class: 'bv-soft' }, line)))) : null,
      ),
    ),
  );
}

export type PassportFile = { start: typeof start };
