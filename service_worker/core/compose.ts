/**
 * Fill a shell document with one screen of an edition.
 *
 * `app/web/compose.py` does the same on the server and gives the same bytes (tests/contract/compose), so nothing here
 * may depend on the language it is written in.
 */

import { count, minutes } from './count.ts';
import type { Edition, Part } from './edition.ts';

const entities: { [letter: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#x27;' };

/** Text as HTML, the way Python's html.escape writes it. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter]!);

/**
 * Put `values`, which are HTML already, in the place of their `%%tokens%%`; a token without a value is left empty. One
 * pass: a `%%title%%` inside a lesson's own words is not filled again.
 */
export function fill(shell: string, values: { [token: string]: string }): string {
  return shell.replace(/%%([a-z_]+)%%/g, (_token, name: string) => (Object.hasOwn(values, name) ? values[name]! : ''));
}

/** The part of that number, counted from 1, or null. */
export const partOf = (edition: Edition, part: number): Part | null => edition.parts[part - 1] ?? null;

/** Which shell document the part needs, or null when there is no such part. */
export const shellFor = (edition: Edition, part: number): 'lesson' | 'question' | null => partOf(edition, part)?.kind ?? null;

const address = (edition: Edition, where: number | 'end'): string => `/learn/${escapeHtml(edition.key)}/${edition.edition}/${where}`;

const common = (edition: Edition, sha: string): { [token: string]: string } => ({
  module: escapeHtml(edition.key),
  module_title: escapeHtml(edition.title),
  edition: String(edition.edition),
  sha: escapeHtml(sha),
  parts: String(edition.parts.length),
  lang: escapeHtml(edition.lang),
  dir: ['ar', 'fa', 'he', 'ps', 'ur'].includes(edition.lang.split('-')[0]!) ? 'rtl' : 'ltr',
});

/** Fill the shell "module": what the module is, before anything of it is opened. */
export function startPage(shell: string, edition: Edition, sha: string): string {
  return fill(shell, {
    ...common(edition, sha),
    title: escapeHtml(edition.title),
    body: startBody(edition),
    notice: notice(edition),
    back: '/learn',
    next: address(edition, 1),
  });
}

/** Fill the shell `shellFor` names with part number `part`, counted from 1, or null when there is no such part. */
export function partPage(shell: string, edition: Edition, sha: string, part: number): string | null {
  const item = partOf(edition, part);
  if (!item) return null;
  const parts = edition.parts.length;
  const question = item.kind === 'question';
  return fill(shell, {
    ...common(edition, sha),
    title: escapeHtml(item.title),
    body: question ? item.question.prompt : item.html,
    kind: question ? item.question.kind : 'lesson',
    question: question ? escapeHtml(item.id) : '',
    part: String(part),
    back: part > 1 ? address(edition, part - 1) : `/learn/${escapeHtml(edition.key)}`,
    next: address(edition, part < parts ? part + 1 : 'end'),
    progress: progress(part, parts),
  });
}

/** Fill the shell "end", reached after the last part. */
export function endPage(shell: string, edition: Edition, sha: string): string {
  return fill(shell, {
    ...common(edition, sha),
    title: escapeHtml(edition.title),
    body: edition.pocket ? `<div class="bv-slip"><p class="bv-slip__line">${escapeHtml(edition.pocket)}</p></div>` : '',
    kind: 'end',
    back: address(edition, edition.parts.length),
    next: '/today',
  });
}

function progress(part: number, parts: number): string {
  const been = '<li class="bv-progress__bar bv-progress__bar--been"></li>'.repeat(part);
  const ahead = '<li class="bv-progress__bar"></li>'.repeat(parts - part);
  return (
    `<div class="bv-progress"><p class="bv-progress__words">Part ${part} of ${parts}</p>` +
    `<ol class="bv-progress__bars" aria-hidden="true">${been}${ahead}</ol></div>`
  );
}

function startBody(edition: Edition): string {
  const lessons = edition.parts.filter((part) => part.kind === 'lesson');
  const asked = edition.parts.length - lessons.length;
  const contents = lessons.map((part) => `<li>${escapeHtml(part.title)}</li>`).join('');
  const counts = count(lessons.length, 'lesson') + (asked ? `, ${count(asked, 'question')}` : '');
  return (
    `<p class="bv-lead">${escapeHtml(edition.summary)}</p>` +
    `<p class="bv-row bv-soft"><span>${minutes(edition.minutes)}</span><span>${counts}</span></p>` +
    `<h2 class="bv-section__title">What is in it</h2><ul>${contents}</ul>`
  );
}

const NOT_CHECKED =
  '<div class="bv-alert bv-alert--important"><p class="bv-alert__title">Not checked yet</p>' +
  '<p>Nobody qualified has checked the facts in this module yet. Follow the care plan, and ask if you are unsure.</p></div>';

const notice = (edition: Edition): string =>
  edition.checked_by ? `<p class="bv-soft bv-small">Facts checked by ${escapeHtml(edition.checked_by)}.</p>` : NOT_CHECKED;
