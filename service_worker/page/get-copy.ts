/** "Get a copy of everything we keep about you": the PIN, and then a file. The server is asked, so it needs signal. */

import { isOurs } from '../core/outbox.ts';
import { value, type Person } from '../store/phone.ts';
import { NoAnswer, json, post } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import { button, make } from './elements.ts';
import { saveBytes } from './not-saved.ts';
import { paragraph } from './pieces.ts';
import { pinForm } from './pin-form.ts';
import { readsNoMore, refusedPin, type Refused } from './sign-in.ts';

const ZIP = 'application/zip';
const NO_SIGNAL = 'No signal. This needs signal: try again later.';
/** Why there is no copy. */
const no = (end: Refused['end'], words: string): Refused => ({ end, words });

/** Ask our server for the file. */
export async function fetchCopy(deps: Deps, who: Pick<Person, 'contact' | 'read'>, pin: string): Promise<{ end: 'ready'; zip: Uint8Array } | Refused> {
  try {
    const answer = await post(deps, 'export', who.read ?? '', { pin });
    if (answer.status === 200 && answer.headers.get('content-type')?.startsWith(ZIP)) return { end: 'ready', zip: answer.body };
    const reply = json(answer);
    // A portal's page is no answer of ours.
    if (!isOurs(reply, (await value('server')) ?? '')) return no('later', NO_SIGNAL);
    if ((reply as { error?: { code?: unknown } }).error?.code === 'sign-in-ended') return no('code', 'Your sign-in on this phone has ended. Open Waiting to send and sign in there first.');
    return refusedPin(deps, who, answer);
  } catch (error) {
    if (error instanceof NoAnswer) return no('later', NO_SIGNAL);
    throw error;
  }
}

/** Draw it into `host`, once: a PIN half typed outlives what changes around it. */
export function getCopy(host: HTMLElement, deps: Deps, who: Person): void {
  const draw = (...content: HTMLElement[]): void => host.replaceChildren(make('h2', { class: 'bv-section__title' }, 'A copy for you'), ...content);
  const press = button('Get a copy of everything we keep about you', () => {
    const form = pinForm('copy', who.name, 'Get the copy', async (pin, say) => {
      say('Getting your copy…');
      const found = await fetchCopy(deps, who, pin);
      if (found.end !== 'ready') return { words: found.words, blame: found.end === 'mend' };
      saveBytes('between-visits-everything.zip', ZIP, found.zip as Uint8Array<ArrayBuffer>);
      const news = make('p', { tabindex: '-1', class: 'bv-strong', 'data-copied': true }, 'A copy is in your downloads.');
      draw(news, press);
      news.focus();
      return null;
    });
    draw(paragraph('Type your PIN. Then you get a file. Anyone who opens it can read your record.'), form);
    form.querySelector<HTMLInputElement>('input[name="pin"]')!.focus();
  }, { look: 'wide', sign: 'save', more: { 'data-get-copy': true } });
  if (who.paused || !who.read || readsNoMore(who)) draw(paragraph('You can have a copy of all of it. ', make('a', { href: '/waiting' }, 'Sign in first'), '.'));
  else draw(paragraph('Your record, your results, and who did what with them. It needs signal.'), press);
}
