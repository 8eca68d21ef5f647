/** A module on its way onto this phone: how much of it is here, and Pause, which keeps what has come. */

import type { Deps } from '../../sync/deps.ts';
import { download, type DownloadReport, type Progress } from '../../sync/download.ts';
import { announce, button, icon, make } from '../elements.ts';
import { sizeOf } from '../say.ts';

const ended: { [end in DownloadReport['end']]: string } = {
  done: '',
  paused: 'Paused. What has come is kept.',
  'no-answer': 'No signal just now. Try again later: it carries on from here.',
  'no-room': 'This phone is nearly full. Take some photos or an app off it, then try again.',
  'nothing-known': 'Sign in again to get this.',
};

/** Get it, shown in `box`; gives what to say where it did not come whole, else nothing. */
export async function get(deps: Deps, personId: string, module: string, title: string, box: HTMLElement): Promise<string> {
  const stop = new AbortController();
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
  if (!report.ran) return 'Another tab is getting lessons. Try again in a moment.';
  return ended[report.end] || (report.damaged.length ? 'Some of it came damaged. Try again.' : '');
}
