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

/** Draw the row into `host`. Nothing is asked of anybody before they press it. */
export async function row(host: HTMLElement, tools: Bell): Promise<void> {
  const { deps, who, offered, post, button, make } = tools;
  const registration = await navigator.serviceWorker.ready;
  const known = await registration.pushManager.getSubscription();
  const said = make('p', { role: 'status', class: 'bv-soft' }, known ? 'This phone tells you from whom a message waits.' : 'It says only from whom one waits. The words stay inside the app.');
  let busy = false;
  const work = async (): Promise<string | null> => {
    if (known) {
      await known.unsubscribe();
      await post(deps, 'push/end', who.append!, {}).catch(() => undefined);
      return null;
    }
    if ((await Notification.requestPermission()) !== 'granted') return 'This phone does not let us. You can change that in its settings.';
    const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: offered });
    const answer = await post(deps, 'push', who.append!, made.toJSON()).catch(() => null);
    if (answer?.status === 201) return null;
    // Half of it is nothing: the server would never ring.
    await made.unsubscribe();
    return answer ? 'That did not work. Try again later.' : 'No signal. This needs signal: try again later.';
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
