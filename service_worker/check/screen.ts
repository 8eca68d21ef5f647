/** What a check found, drawn as the server draws it (app/templates/components/checked.html, app/web/public/check_page.py). */

import { make } from '../page/elements.ts';
import { day, type Checked } from './judge.ts';

/** One verdict as the page says it. */
export interface Told {
  words: string;
  reason: string;
  good?: boolean;
  facts?: [name: string, value: string][];
  evidence?: readonly string[];
  /** Where its own server says more of it. */
  more?: string;
  /** Something to press below the reason. */
  press?: HTMLElement;
}

export function told({ verdict, words, reason, said }: Checked): Told {
  if (!said) return { words, reason };
  const facts: [string, string][] = [
    ['For', said.person],
    ['What', said.name],
    ['Signed by', said.issuer],
    ['On', day(said.issuedAt)],
    ['Valid until', said.validUntil === null ? '' : day(said.validUntil)],
    ['Lines', said.codes.join(', ')],
  ];
  const more = said.uuid.startsWith(`${location.origin}/credentials/`) ? said.uuid : '';
  return { words, reason, more, good: verdict.startsWith('valid'), facts: facts.filter(([, value]) => value), evidence: said.evidence };
}

/** The section of one verdict; `number` is its place where there are several. */
export function section({ words, reason, good = false, facts = [], evidence = [], more, press }: Told, number: number | null): HTMLElement {
  const heading = number === null ? 'h2' : 'h3';
  const rows = facts.map(([name, value]) => make('div', { class: 'bv-facts__row' }, make('dt', { class: 'bv-facts__name' }, name), make('dd', { class: 'bv-facts__value' }, value)));
  return make(
    'section',
    { class: 'bv-section', 'aria-label': number === null ? 'What the check found' : `What the check found: number ${number}` },
    number === null ? null : make('h2', { class: 'bv-section__title' }, `Number ${number}`),
    make('div', { class: `bv-alert bv-alert--${good ? 'done' : 'warning'}` }, make('p', { class: 'bv-alert__title' }, words), make('p', {}, reason), press ?? null),
    rows.length ? make('dl', { class: 'bv-facts' }, ...rows) : null,
    ...(evidence.length ? [make(heading, { class: 'bv-section__title' }, 'What it rests on'), make('ul', {}, ...evidence.map((line) => make('li', {}, line)))] : []),
    more ? make('p', {}, make('a', { href: more }, 'See who endorsed it')) : null,
    good ? make('p', { class: 'bv-small bv-soft' }, 'It says what was shown then. Whether somebody may do a task at your place is your decision.') : null,
  );
}

/** Say at the top and beside its field what is to be mended; with no words, take both away. */
export function mend(field: 'file' | 'text', words: string): void {
  for (const old of document.querySelectorAll('.bv-summary, .bv-field__error')) old.remove();
  for (const each of document.querySelectorAll('.bv-field__input')) {
    const wrong = words && each.id === field;
    each.parentElement!.classList.toggle('bv-field--wrong', Boolean(wrong));
    each.setAttribute('aria-invalid', String(Boolean(wrong)));
    each.setAttribute('aria-describedby', `${each.id}-hint${wrong ? ` ${field}-error` : ''}`);
    if (wrong) each.before(make('p', { class: 'bv-field__error', id: `${field}-error` }, words));
  }
  if (!words) return;
  const link = make('li', {}, make('a', { href: `#${field}` }, words));
  const summary = make('div', { class: 'bv-summary', role: 'alert', tabindex: '-1' }, make('h2', { class: 'bv-summary__title' }, 'Something needs mending'), make('ul', { class: 'bv-summary__list' }, link));
  document.querySelector('h1')!.before(summary);
  summary.focus();
}
