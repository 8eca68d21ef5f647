/**
 * Line numbers and marks beside a plain textarea. A copy of the text lies unseen behind it and wraps as it does, so each
 * line's number stands where the line begins. The box scrolls; the textarea is as tall as its text.
 */

import { make } from '../page/elements.ts';
import { changeOf, rangeOf } from './lines.ts';

export interface Gutter {
  /** Follow the text. */
  update(): void;
  mark(marks: ReadonlyMap<number, 'error' | 'warning'>): void;
  /** Put the caret on a line, selected whole, and bring it into view. */
  goTo(line: number): void;
}

const row = (line: string): HTMLElement => make('div', { class: 'bv-write__line' }, make('span', { class: 'bv-write__copy' }, line || '\u200b'));

/** Give `area` its gutter within `box`. */
export function gutter(box: HTMLElement, area: HTMLTextAreaElement): Gutter {
  const sheet = make('div', { class: 'bv-write__sheet' });
  const lines = make('div', { class: 'bv-write__lines', 'aria-hidden': 'true' });
  area.before(sheet);
  sheet.append(lines, area);
  box.classList.add('bv-write--numbered');
  let shown: string[] = [];
  let marked = new Map<number, 'error' | 'warning'>();

  const update = (): void => {
    const now = area.value.split('\n');
    const { from, gone, come } = changeOf(shown, now);
    shown = now;
    if (gone === come.length) {
      come.forEach((line, place) => (lines.children[from + place]!.firstElementChild!.textContent = line || '\u200b'));
      return;
    }
    for (let left = gone; left > 0; left -= 1) lines.children[from]!.remove();
    const before = lines.children[from] ?? null;
    const fresh = document.createDocumentFragment();
    fresh.append(...come.map(row));
    lines.insertBefore(fresh, before);
  };

  const mark = (marks: ReadonlyMap<number, 'error' | 'warning'>): void => {
    for (const line of marked.keys()) lines.children[line - 1]?.removeAttribute('data-mark');
    for (const [line, severity] of marks) lines.children[line - 1]?.setAttribute('data-mark', severity);
    marked = new Map(marks);
  };

  const goTo = (line: number): void => {
    area.setSelectionRange(...rangeOf(area.value, line));
    area.focus({ preventScroll: true });
    // A line far off first, within the box; then the box within the page.
    lines.children[Math.min(line, lines.childElementCount) - 1]?.scrollIntoView({ block: 'center' });
  };

  update();
  return { update, mark, goTo };
}
