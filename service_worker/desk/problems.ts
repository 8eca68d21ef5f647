/** The list of what the check found, as the server draws it too: real HTML, each line a way to its place in the text. */

import { icon, make } from '../page/elements.ts';
import { SEVERITIES, facts, summary, type Checked, type Problem } from './words.ts';

/** Draw what was found into the desk's places for it. `goTo` puts the caret on a line. */
export function showChecked(desk: HTMLElement, checked: Checked, goTo: (line: number) => void): void {
  const list = desk.querySelector<HTMLElement>('[data-problems]');
  const says = desk.querySelector<HTMLElement>('[data-summary]');
  const figures = desk.querySelector<HTMLElement>('[data-facts]');
  const words = summary(checked.problems);
  // Read out when it is news, and only then.
  if (says && says.textContent !== words) says.textContent = words;
  figures?.replaceChildren(...facts(checked).map((fact) => make('li', {}, fact)));
  // Whoever is on a line of the list stays on it while the text is checked again.
  const held = list?.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset['line'] : undefined;
  list?.replaceChildren(...checked.problems.map((problem) => item(problem, goTo)));
  if (held !== undefined) list?.querySelector<HTMLElement>(`[data-line="${held}"]`)?.focus({ preventScroll: true });
}

function item({ line, severity, message, suggestion, accepted }: Problem, goTo: (line: number) => void): HTMLElement {
  const [word, sign, look] = accepted ? (['Left as it is', 'tick', 'soft'] as const) : SEVERITIES[severity];
  const link = make('a', { href: '#text', class: 'bv-problems__line', 'data-line': String(line) }, make('span', { class: `bv-status bv-status--${look}` }, icon(sign), make('span', {}, `${word}, line ${line}`)));
  link.addEventListener('click', (event) => {
    event.preventDefault();
    goTo(line);
  });
  return make('li', { class: 'bv-problems__one' }, link, make('p', { class: 'bv-problems__words' }, message, suggestion ? ` ${suggestion}` : '', accepted ? ` Your reason: ${accepted}` : ''));
}

/** What stands at the line of the caret, in one sentence; empty when nothing does. */
export function hereWords(problems: readonly Problem[], line: number): string {
  const here = problems.filter((one) => one.line === line && !one.accepted && one.severity !== 'note');
  return here.map(({ message, suggestion }) => [message, suggestion].filter(Boolean).join(' ')).join(' ');
}
