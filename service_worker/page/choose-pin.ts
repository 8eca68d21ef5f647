/** Choosing a PIN: it can be shown, and what the phone will know it by is worked out before the page is left. */

import { value } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { curtainFor, handOver, type Curtain } from './pin-curtain.ts';
import { showPin } from './show-pin.ts';
import { beginWorker } from './trusted.ts';

export function choosePin(form: HTMLElement, deps: Deps): void {
  if (!(form instanceof HTMLFormElement)) return;
  const fields = [...form.querySelectorAll<HTMLInputElement>('input[name="pin"], input[name="again"]')];
  const show = form.querySelector<HTMLButtonElement>('[data-show-pin]');
  if (show) showPin(show, fields);
  // While the PIN is typed and judged: what opens lessons then comes from the phone, not over the line.
  form.addEventListener('focusin', beginWorker, { once: true });
  let begun: { pin: string; curtain: Promise<Curtain> } | null = null;
  const curtain = (): Promise<Curtain> => {
    const pin = (fields[0]?.value ?? '').replace(/\s/g, '');
    if (begun?.pin !== pin) begun = { pin, curtain: curtainFor(pin, deps.random) };
    return begun.curtain;
  };
  // Half a second of a slow phone, spent on the way to the button.
  form.addEventListener('change', () => void (fields.every(({ value }) => value.length > 5) && curtain().catch(() => undefined)));
  let sending = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    // The server judges the PIN; when it wants another one, that one's curtain takes the place of this one's.
    void curtain()
      .then(async (made) => {
        handOver(made);
        // The database answers, so tokens can be kept: the reply may bring them.
        form.querySelector<HTMLInputElement>('[name="phone"]')!.value = (await value('server')) ?? 'new';
      })
      // No curtain without Web Crypto or storage: the PIN still works with signal.
      .catch(() => undefined)
      .then(() => form.submit());
  });
  addEventListener('pageshow', () => {
    sending = false;
  });
}
