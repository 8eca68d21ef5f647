/**
 * "Tell me on the lock screen": the row in Me, where the server offers it and the browser can. A file of its own, fetched
 * only then. It is handed what the page has already, so that nothing is on the wire twice.
 */

import type { Person } from '../store/phone.ts';
import type { post } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import type { button, make } from './elements.ts';

/** What this file needs of the page. `offered`: the key a browser subscribes with. */
export interface Bell {
  deps: Deps;
  who: Person;
  offered: string;
  post: typeof post;
  button: typeof button;
  make: typeof make;
}

/**
 * The browser's address, and the phone ids it was given to the server for, in one line. A browser has one address for all:
 * each place of somebody, and each person, asks for themselves.
 */
const NOTE = 'bv-bell';

/** The phone ids the server rings at this address. */
const rung = (endpoint?: string): string[] => {
  const [at, ...devs] = (localStorage.getItem(NOTE) ?? '').split(' ');
  return at === endpoint ? devs : [];
};

const note = (endpoint: string, devs: readonly string[]): void => localStorage.setItem(NOTE, [endpoint, ...devs].join(' '));

type Line = Pick<PushManager, 'getSubscription' | 'subscribe'>;

/** Does the server tell this phone of this person's messages from this place? */
export const tells = async ({ who }: Pick<Bell, 'who'>, line: Line): Promise<boolean> => rung((await line.getSubscription())?.endpoint).includes(who.dev);

/** Ask the server to tell. Returns what went wrong, in words. */
export async function begin({ deps, who, offered, post }: Pick<Bell, 'deps' | 'who' | 'offered' | 'post'>, line: Line): Promise<string | null> {
  const made = await line.subscribe({ userVisibleOnly: true, applicationServerKey: offered });
  const others = rung(made.endpoint);
  const answer = await post(deps, 'push', who.append!, made.toJSON()).catch(() => null);
  if (answer?.status === 201) {
    note(made.endpoint, [...others, who.dev]);
    return null;
  }
  // Half of it is nothing: the server would never ring.
  if (!others.length) await made.unsubscribe();
  return answer ? 'That did not work. Try again later.' : 'No signal. This needs signal: try again later.';
}

/** Be told no more. What somebody else here, or another place, has asked for goes on. */
export async function stop({ deps, who, post }: Pick<Bell, 'deps' | 'who' | 'post'>, line: Line): Promise<void> {
  const known = await line.getSubscription();
  const others = rung(known?.endpoint).filter((dev) => dev !== who.dev);
  note(known?.endpoint ?? '', others);
  if (!others.length) await known?.unsubscribe();
  await post(deps, 'push/end', who.append!, {}).catch(() => undefined);
}

/** Draw the row into `host`. Nothing is asked of anybody before they press it. */
export async function row(host: HTMLElement, tools: Bell): Promise<void> {
  const { button, make } = tools;
  const { pushManager } = await navigator.serviceWorker.ready;
  const known = await tells(tools, pushManager);
  const said = make('p', { role: 'status', class: 'bv-soft' }, known ? 'This phone tells you from whom a message waits.' : 'It says only from whom one waits. The words stay inside the app.');
  let busy = false;
  const work = async (): Promise<string | null> => {
    if (known) {
      await stop(tools, pushManager);
      return null;
    }
    if ((await Notification.requestPermission()) !== 'granted') return 'This phone does not let us. You can change that in its settings.';
    return begin(tools, pushManager);
  };
  const press = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    said.textContent = 'Waiting…';
    const trouble = await work().catch(() => 'This phone could not do that.');
    busy = false;
    if (trouble) said.textContent = trouble;
    else await row(host, tools);
  };
  host.replaceChildren(
    make('h2', { class: 'bv-section__title' }, 'Messages'),
    button(known ? 'Stop telling me on the lock screen' : 'Tell me on the lock screen', () => void press(), { look: 'wide', more: { 'data-push': known ? 'off' : 'on' } }),
    said,
  );
}
