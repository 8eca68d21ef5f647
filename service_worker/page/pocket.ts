/** "In your pocket": the lines somebody kept, and those of modules they finished. Opens with no signal. */

import type { PocketLine } from '../store/person.ts';
import type { Deps } from '../sync/deps.ts';
import { whenChanged } from './changes.ts';
import { draw } from './draw.ts';
import { announce, button, make } from './elements.ts';
import { gather } from './facts.ts';
import { notJoined } from './pieces.ts';
import { pocketLines, setPocketLine } from './pocket-line.ts';

/** Draw the lines into `host`. */
export function pocket(host: HTMLElement, deps: Deps): void {
  /** Taken out a moment ago: its place stays, with a way back, until the page is left. */
  const out = new Map<string, PocketLine>();
  const show = async (): Promise<void> => {
    const facts = await gather(deps);
    if (!facts) return void draw(host, notJoined());
    const { id } = facts.person;
    const kept = await pocketLines(id);
    const move = async (line: PocketLine, into: boolean): Promise<void> => {
      await setPocketLine(id, line.module, into ? line : null);
      if (into) out.delete(line.module);
      else out.set(line.module, line);
      announce(into ? 'The line is back.' : 'The line is out of your pocket.');
      await show();
    };
    const lines = [...kept, ...out.values()].sort((one, other) => (one.at < other.at ? 1 : -1));
    draw(
      host,
      ...lines.map((line) =>
        out.has(line.module)
          ? make('p', { class: 'bv-row' }, 'Taken out. ', button('Put it back', () => void move(line, true), { look: 'quiet', more: { 'data-key': line.module, 'aria-label': `Put it back: ${line.line}` } }))
          : make(
              'article',
              { class: 'bv-slip', 'data-pocket-line': line.module },
              make('p', { class: 'bv-slip__line' }, line.line),
              make('p', { class: 'bv-slip__from' }, make('a', { href: `/learn/${line.module}` }, line.title)),
              button('Take it out', () => void move(line, false), { look: 'quiet', more: { 'data-key': line.module, 'aria-label': `Take it out: ${line.line}` } }),
            ),
      ),
      lines.length ? null : make('div', { class: 'bv-card bv-card--plain' }, make('p', {}, 'Nothing kept yet. At the end of a lesson, tap “Keep this line”.')),
    );
  };
  whenChanged(show);
}
