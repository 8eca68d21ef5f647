/** Pieces of both screens: headings, words of criteria, and looking at one observation. */

import type { Practice } from '../../core/api.ts';
import type { Answering, Watching } from '../../core/attempt.ts';
import type { Decision } from '../../core/records.ts';
import type { SavedCopy } from '../../store/leaving.ts';
import type { Person } from '../../store/phone.ts';
import { day } from '../say.ts';
import type { Tools } from './tools.ts';

/** Name the screen, in the heading and the title. `go`: bring the focus there, as after each change of screen. */
export function named(words: string, go: boolean): void {
  const heading = document.querySelector<HTMLElement>('h1')!;
  heading.textContent = words;
  document.title = `${words} · Between Visits`;
  if (!go) return;
  scrollTo(0, 0);
  heading.focus();
}

type Framework = NonNullable<Practice['framework']>;
export type Standard = Framework['standards'][number];

export const standardOf = (practice: Practice | undefined, number: number): Standard | undefined => practice?.framework?.standards.find((one) => one.number === number);

/** "3. Duty of care", or the number alone where nobody knows more. */
export function titleOf(practice: Practice | undefined, number: number, more: readonly { number: number; title: string }[] = []): string {
  const title = (standardOf(practice, number) ?? more.find((one) => one.number === number))?.title;
  return title ? `${number}. ${title}` : `Standard ${number}`;
}

/** The words of a criterion, from wherever they are known. */
export const textOf = (practice: Practice | undefined, code: string): string | null => {
  for (const { criteria } of practice?.framework?.standards ?? []) for (const one of criteria) if (one.code === code) return one.text;
  return null;
};

export const WORDS: { [decision in Decision]: readonly [words: string, picture: string, colour: 'done' | 'due' | 'soft'] } = {
  yes: ['Yes', 'tick', 'done'],
  'not-yet': ['Not yet', 'clock', 'due'],
  'not-seen': ['Not seen', 'dash', 'soft'],
};

export interface Line {
  code: string;
  text: string | null;
  decision: Decision;
  saw?: string;
}

/** Each criterion with what was decided and seen; words that are the same for all stand once, below. */
export function decided(tools: Tools, lines: readonly Line[]): HTMLElement {
  const saws = new Set(lines.flatMap(({ saw }) => saw || []));
  const [all = ''] = saws.size === 1 ? saws : [];
  return tools.make('div', {}, listOf(tools, ...lines.map(({ code, text, decision, saw }) => row(tools, titled(code, text), [tools.sign(...WORDS[decision])], all ? '' : saw))), all ? words(tools, all) : null);
}

export const titled = (code: string, text: string | null): string => (text ? `${code} ${text}` : `Criterion ${code}`);

/** A row that only tells. */
export const row = ({ make }: Tools, title: string, meta: (Node | string)[], more = ''): HTMLElement =>
  make('li', { class: 'bv-list__item' }, make('div', { class: 'bv-list__row' }, make('div', { class: 'bv-list__body' }, make('span', { class: 'bv-list__title' }, title), make('div', { class: 'bv-list__meta' }, ...meta), more ? make('div', { class: 'bv-soft' }, more) : null)));

/** A part of a screen under a heading of its own; `mark` is how others find it. */
export const section = ({ make }: Tools, mark: string, title: string, ...content: (Node | string | null)[]): HTMLElement =>
  make('section', { class: 'bv-section', [`data-${mark}`]: true }, make('h2', { class: 'bv-section__title' }, title), ...content);

export const listOf = ({ make }: Tools, ...rows: Node[]): HTMLElement => make('ul', { class: 'bv-list' }, ...rows);

export const words = ({ make }: Tools, ...content: (Node | string)[]): HTMLElement => make('p', {}, ...content);

/** A card of somebody's own words. */
export const quoted = ({ make }: Tools, from: string, text: string): HTMLElement =>
  make('div', { class: 'bv-card bv-card--note bv-section' }, make('h2', { class: 'bv-card__eyebrow' }, from), make('p', {}, text));

/** The next step and its day, where there is one. */
export const nextStep = (tools: Tools, step: string | null, on: string | null): HTMLElement | null =>
  step ? section(tools, 'next-step', 'Next step', words(tools, step), on ? words(tools, `Look again on ${day(on)}.`) : null) : null;

/** What "Save a copy" gives when this phone stores nothing: the words on screen. */
export const aCopy = ({ deps }: Tools, { id, name }: Person, drafts: (Watching | Answering)[]): SavedCopy => ({ format: 'between-visits-records', v: 1, server: null, person: { id, name }, made: new Date(deps.now()).toISOString(), records: [], drafts });

/** Run `work` at the end of what was begun before it; failures stay with whoever asked. */
export function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

/** A box whose words are saved while they are written: at once at first, then at each pause. */
export function box(tools: Tools, id: string, value: string, wrote: (text: string) => void, more: { [name: string]: string | boolean | null } = {}): HTMLTextAreaElement {
  const area = tools.make('textarea', { class: 'bv-field__input', id, rows: '3', maxlength: '500', autocapitalize: 'sentences', ...more });
  area.value = value;
  let saved = value;
  let waiting: (() => void) | null = null;
  const save = (): void => {
    waiting?.();
    waiting = null;
    if (area.value === saved) return;
    saved = area.value;
    wrote(saved);
  };
  area.addEventListener('input', () => {
    waiting?.();
    if (saved) waiting = tools.deps.timer(400, save);
    else save();
  });
  area.addEventListener('blur', save);
  document.addEventListener('visibilitychange', save);
  return area;
}
