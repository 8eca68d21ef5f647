/** "Get": bring one module onto this phone, its size shown first; a pause keeps what has come. */

import { download, type DownloadReport, type Progress } from '../sync/download.ts';
import type { Deps } from '../sync/deps.ts';
import { changed } from './changes.ts';
import { announce, button, icon, make } from './elements.ts';
import { size, sizeOf } from './say.ts';

const ended: { [end in DownloadReport['end']]: string } = {
  done: '',
  paused: 'Paused. What has come is kept.',
  'no-answer': 'No signal just now. It carries on from here when you try again.',
  'no-room': 'This phone is nearly full. Take some photos or an app off it, then try again.',
  'nothing-known': 'Sign in again to get this.',
};

/** Bytes on the wire that come when a module is opened, without a question: less than one photo in a message. */
export const SMALL = 100_000;

/** Bring a small module that was opened. `pictures` false leaves them for later. Says whether anything came or was here. */
export async function bring(deps: Deps, personId: string, module: string, pictures: boolean): Promise<boolean> {
  for (let tries = 0; tries < 5; tries += 1) {
    const report = await download(deps, personId, { module, ...(pictures ? {} : { media: false }) });
    if (report.ran) return report.end === 'done' && !report.damaged.length;
    // This page or the worker is getting what was asked of the person just now.
    await new Promise<void>((ring) => deps.timer(1000, ring));
  }
  return false;
}

/** What is being got now, by module: drawn again, a screen takes the same box over. */
const underWay = new Map<string, HTMLElement>();

/** A button that gets `module` (its bytes on the wire), and turns into progress with Pause. */
export function getModule(deps: Deps, personId: string, module: string, title: string, bytes: number, look = ''): HTMLElement {
  const present = underWay.get(module);
  if (present) return present;
  const box = make('div', { class: 'bv-get' });
  const idle = (note = ''): void => {
    const words = note ? 'Carry on' : `Get, ${size(bytes)}`;
    box.replaceChildren(
      button(words, () => void get(), { look, sign: 'getting', more: { 'aria-label': `${words}: ${title}`, 'data-key': `get-${module}` } }),
      ...(note ? [make('p', { class: 'bv-get__note' }, note)] : []),
    );
  };
  const get = async (): Promise<void> => {
    const stop = new AbortController();
    underWay.set(module, box);
    box.dataset['underWay'] = '';
    const words = make('span', {}, 'Getting…');
    const bar = make('progress', { class: 'bv-meter', max: '100', value: '0', 'aria-label': `Getting ${title}` });
    const pause = button('Pause', () => stop.abort(), { sign: 'pause' });
    box.replaceChildren(make('p', { class: 'bv-status bv-status--wait' }, icon('getting'), words), bar, pause);
    pause.focus({ preventScroll: true });
    announce(`Getting ${title}.`);
    const show = ({ done, total }: Progress): void => {
      words.textContent = `Getting… ${sizeOf(done, total)}`;
      bar.value = total ? (100 * done) / total : 100;
    };
    const report = await download(deps, personId, { module, signal: stop.signal, onProgress: show }).catch((): DownloadReport => ({ ran: true, end: 'no-room', complete: [], asking: 0, damaged: [] }));
    underWay.delete(module);
    delete box.dataset['underWay'];
    const fine = report.ran && report.end === 'done' && !report.damaged.length;
    if (fine) {
      announce(`${title} is on this phone.`);
      return changed();
    }
    const note = !report.ran ? 'Another tab is getting lessons. Try again in a moment.' : ended[report.end] || 'Some of it came damaged. Try again.';
    idle(note);
    announce(note);
    box.querySelector('button')?.focus({ preventScroll: true });
  };
  idle();
  return box;
}
