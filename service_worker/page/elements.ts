/** Making elements in few words. Text stays text; only what Python's renderer has sanitised goes in as HTML. */

import { setHtml } from './trusted.ts';

export type Attributes = { [name: string]: string | boolean | null };

/** An element with attributes (true: present, false or null: absent) and children. */
export function make<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: (Node | string | null)[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== false) element.setAttribute(name, value === true ? '' : value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** An element with HTML of an edition or of a provider's own page in it, which Python's renderer has sanitised. */
export function filled<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes, html: string): HTMLElementTagNameMap[K] {
  const element = make(tag, attributes);
  setHtml(element, html);
  return element;
}

/** One sign of the sprite; always with a word beside it. `points`: flips when the page runs right to left. */
export function icon(name: string, points = false): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('class', points ? 'bv-icon bv-icon--points' : 'bv-icon');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  const use = document.createElementNS(space, 'use');
  use.setAttribute('href', `${document.documentElement.dataset['icons'] ?? ''}#icon-${name}`);
  svg.append(use);
  return svg;
}

export interface ButtonLook {
  /** "main", "quiet", "late", "wide"; several with a space between. */
  look?: string;
  sign?: string;
  more?: Attributes;
}

const classes = (look: string): string => ['bv-button', ...look.split(' ').filter(Boolean).map((one) => `bv-button--${one}`)].join(' ');

/** A button that does something here. */
export function button(words: string, press: () => void, { look = '', sign, more = {} }: ButtonLook = {}): HTMLButtonElement {
  const element = make('button', { type: 'button', class: classes(look), ...more }, sign ? icon(sign) : null, words);
  element.addEventListener('click', press);
  return element;
}

/** A link that looks like a button. */
export const buttonLink = (words: string, href: string, { look = '', sign, more = {} }: ButtonLook = {}): HTMLAnchorElement =>
  make('a', { href, class: classes(look), ...more }, sign ? icon(sign) : null, words);

let number = 0;

/** An id no other element of the page has. */
export const freshId = (stem: string): string => `${stem}-${(number += 1)}`;

/** Say something once to those who listen; it is not shown. */
export function announce(words: string): void {
  const live = document.querySelector('[data-live]');
  if (!live) return;
  // The same words twice are news only when they were gone in between.
  live.textContent = '';
  setTimeout(() => {
    live.textContent = words;
  }, 50);
}
