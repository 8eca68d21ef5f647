/**
 * The draft as a carer meets it: the phone's own pages and questions, in a frame that can neither send nor store. It has
 * no origin, so nothing in it reaches the desk; it takes the light, the size of letters and the signal from the page
 * around it, and tells that page which part it shows.
 */

import { sign } from '../page/pieces.ts';
import { Player, readData } from './player.ts';
import { whereTo } from './preview-go.ts';

let offline = false;

/** Light or dark, large letters, signal or none: "theme=dark&text=200&offline=1". */
function take(words: URLSearchParams): void {
  const { dataset } = document.documentElement;
  dataset['theme'] = words.get('theme') === 'dark' ? 'dark' : 'light';
  if (words.get('text') === '200') dataset['text'] = '200';
  else delete dataset['text'];
  offline = words.get('offline') === '1';
  sendingLine();
}

function sendingLine(): void {
  document.querySelector('[data-component="sending-line"]')?.replaceChildren(...(offline ? [sign('No signal. Carry on.', 'no-signal')] : []));
  document.querySelector('[data-end-sending]')?.replaceChildren(offline ? sign('Saved on this phone. Waiting to send', 'clock', 'wait') : sign('Sent', 'tick'));
}

let preview: Player | null = null;
const given = new URLSearchParams(location.hash.slice(1));
/** Which of its pages the desk has loaded here. */
const page = given.get('page');
take(given);
addEventListener('message', (event) => {
  const { look, go } = (event.data ?? {}) as { look?: { theme?: unknown; text?: unknown; offline?: unknown }; go?: unknown };
  if (event.source !== parent) return;
  if (look) take(new URLSearchParams({ theme: String(look.theme), text: String(look.text), offline: look.offline ? '1' : '0' }));
  if (typeof go === 'string') preview?.show(go);
});
document.addEventListener('DOMContentLoaded', () => {
  const data = readData();
  if (!data) return;
  const shown = (at: string): void => {
    sendingLine();
    parent.postMessage({ at, page }, '*');
  };
  preview = new Player(data, { shown, marked: () => undefined, nowhere: 'In the preview this leads nowhere.' });
  preview.live(document.querySelector('main')?.dataset['kind'] ? (whereTo(location.pathname) ?? 'start') : 'start');
});
