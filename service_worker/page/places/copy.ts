/** "Get a copy of everything we keep about you": the PIN, and then a file. The server is asked, so it needs signal. */

import type { Person } from '../../store/phone.ts';
import type { Tools } from '../place-tools.ts';
import type { Refused } from '../sign-in.ts';

const ZIP = 'application/zip';
const NO_SIGNAL = 'No signal. This needs signal: try again later.';
/** Why there is no copy. */
const no = (end: Refused['end'], words: string): Refused => ({ end, words });

/** Ask our server for the file. */
export async function fetchCopy({ deps, isOurs, json, post, refusedPin, value }: Pick<Tools, 'deps' | 'isOurs' | 'json' | 'post' | 'refusedPin' | 'value'>, who: Pick<Person, 'contact' | 'read'>, pin: string): Promise<{ end: 'ready'; zip: Uint8Array } | Refused> {
  try {
    const answer = await post(deps, 'export', who.read ?? '', { pin });
    if (answer.status === 200 && answer.headers.get('content-type')?.startsWith(ZIP)) return { end: 'ready', zip: answer.body };
    const reply = json(answer);
    // A portal's page is no answer of ours.
    if (!isOurs(reply, (await value('server')) ?? '')) return no('later', NO_SIGNAL);
    if ((reply as { error?: { code?: unknown } }).error?.code === 'sign-in-ended') return no('code', 'Your sign-in on this phone has ended. Open Waiting to send and sign in there first.');
    return refusedPin(deps, who, answer);
  } catch (error) {
    if ((error as Error).name === 'NoAnswer') return no('later', NO_SIGNAL);
    throw error;
  }
}

/** Draw it before what stands in `host`, once: a PIN half typed outlives what changes around it. */
export function copy(host: HTMLElement, tools: Tools): void {
  const box = tools.make('section', { class: 'bv-section' });
  host.before(box);
  tools.whenChanged(async () => {
    const who = await tools.currentPerson(tools.deps);
    // Of a place that ended, the PIN brings no more than what waits there away.
    if (who && who.paused !== 'erased' && (who.read || who.refused !== tools.LEFT) && !box.firstChild) draw(box, tools, who);
  });
}

function draw(box: HTMLElement, tools: Tools, who: Person): void {
  const { button, make, pinForm, readsNoMore, saveBytes } = tools;
  const show = (...content: HTMLElement[]): void => box.replaceChildren(make('h2', { class: 'bv-section__title' }, 'A copy for you'), ...content);
  const press = button('Get a copy of everything we keep about you', () => {
    const form = pinForm('copy', who.name, 'Get the copy', async (pin, say) => {
      say('Getting your copy…');
      const found = await fetchCopy(tools, who, pin);
      if (found.end !== 'ready') return { words: found.words, blame: found.end === 'mend' };
      saveBytes('between-visits-everything.zip', ZIP, found.zip as Uint8Array<ArrayBuffer>);
      const news = make('p', { tabindex: '-1', class: 'bv-strong', 'data-copied': true }, 'A copy is in your downloads.');
      show(news, press);
      news.focus();
      return null;
    });
    show(make('p', {}, 'Type your PIN. Then you get a file. Anyone who opens it can read your record.'), form);
    form.querySelector<HTMLInputElement>('input[name="pin"]')!.focus();
  }, { look: 'wide', sign: 'save', more: { 'data-get-copy': true } });
  if (who.paused || !who.read || readsNoMore(who)) show(make('p', {}, 'You can have a copy of all of it. ', make('a', { href: '/waiting' }, 'Sign in first'), '.'));
  else show(make('p', {}, `Your record at ${who.provider.name}, your results, and who did what with them. It needs signal.`), press);
}
