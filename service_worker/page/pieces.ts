/** Pieces that several screens are made of: a state, a row of a list, a plain alert. */

import type { Status } from '../core/status.ts';
import { icon, make } from './elements.ts';
import { installed, standalone } from './installed.ts';
import { day } from './say.ts';

type Look = readonly [words: string, sign: string, colour: 'soft' | 'done' | 'due' | 'late' | 'wait'];

/** Word + shape + colour, always the three together. "Needs watching" never looks like "In date". */
export const LOOKS: { [status in Status]: Look } = {
  'in-date': ['In date', 'tick', 'done'],
  'due-soon': ['Due soon', 'clock', 'due'],
  overdue: ['Overdue', 'triangle', 'late'],
  'not-started': ['Not started', 'circle', 'soft'],
  'under-way': ['Under way', 'next', 'wait'],
  'needs-watching': ['Needs watching', 'eye', 'wait'],
  'not-needed': ['Not needed', 'dash', 'soft'],
};

export const sign = (words: string, picture: string, colour: Look[2] = 'soft'): HTMLElement =>
  make('span', { class: `bv-status bv-status--${colour}` }, icon(picture), make('span', {}, words));

/** Where somebody stands with a module. */
export function statusSign(status: Status, date: string | null = null): HTMLElement {
  const [words, picture, colour] = LOOKS[status];
  const dated = date && (status === 'overdue' || status === 'due-soon');
  return sign(dated ? `${words} ${day(date)}` : words, picture, colour);
}

export const onThisPhone = (): HTMLElement => sign('On this phone', 'phone');

/** A row one can open. */
export function linkRow(title: string, href: string, meta: readonly (Node | string)[] = []): HTMLElement {
  return make(
    'li',
    { class: 'bv-list__item' },
    make(
      'a',
      { class: 'bv-list__link', href },
      make('span', { class: 'bv-list__body' }, make('span', { class: 'bv-list__title' }, title), meta.length ? make('span', { class: 'bv-list__meta' }, ...spaced(meta)) : null),
      make('span', { class: 'bv-list__end' }, icon('go', true)),
    ),
  );
}

/** A row with something to press beside it. */
export const row = (title: string, meta: readonly (Node | string)[], ...end: HTMLElement[]): HTMLElement =>
  make(
    'li',
    { class: 'bv-list__item' },
    make('div', { class: 'bv-list__row' }, make('div', { class: 'bv-list__body' }, make('span', { class: 'bv-list__title' }, title), make('div', { class: 'bv-list__meta' }, ...spaced(meta))), ...end),
  );

// Read out, pieces that only stand apart on screen would run together.
const spaced = (pieces: readonly (Node | string)[]): (Node | string)[] => pieces.flatMap((piece) => [typeof piece === 'string' ? make('span', {}, piece) : piece, ' ']);

export const alert = (look: 'note' | 'tip' | 'important' | 'warning', title: string, ...content: (Node | string)[]): HTMLElement =>
  make('div', { class: `bv-alert bv-alert--${look}` }, make('p', { class: 'bv-alert__title' }, title), ...content);

export const paragraph = (...content: (Node | string)[]): HTMLElement => make('p', {}, ...content);

/** A screen for somebody who has not joined on this phone. */
export const notJoined = (): HTMLElement =>
  make(
    'section',
    { class: 'bv-card bv-card--main' },
    make('h2', { class: 'bv-card__title' }, 'Have you got a code?'),
    paragraph('Your manager gives you one. Then your lessons and your record are kept here.'),
    // An app on the home screen of an iPhone begins with nothing of what Safari keeps.
    installed() ? paragraph('Joined before? Your record is safe on our server. Join here again, with your PIN or a new code.') : '',
    standalone() ? paragraph('What Safari has not sent yet, it sends when you open it there.') : '',
    make('a', { class: 'bv-button bv-button--main', href: '/join' }, installed() ? 'Join here' : 'I have a code'),
  );
