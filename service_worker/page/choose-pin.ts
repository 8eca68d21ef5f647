/** Choosing a PIN: it can be shown, and what the phone will know it by is worked out before the page is left. */

import type { Deps } from '../sync/deps.ts';
import { curtainFor, handOver } from './pin-curtain.ts';
import { showPin } from './show-pin.ts';

export function choosePin(form: HTMLElement, deps: Deps): void {
  if (!(form instanceof HTMLFormElement)) return;
  const fields = [...form.querySelectorAll<HTMLInputElement>('input[name="pin"], input[name="again"]')];
  const show = form.querySelector<HTMLButtonElement>('[data-show-pin]');
  if (show) showPin(show, fields);
  let sending = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    // The server judges the PIN; when it wants another one, that one's curtain takes the place of this one's.
    const pin = (fields[0]?.value ?? '').replace(/\s/g, '');
    void curtainFor(pin, deps.random)
      .then(handOver)
      // No curtain without Web Crypto or storage: the PIN still works with signal.
      .catch(() => undefined)
      .then(() => form.submit());
  });
  addEventListener('pageshow', () => {
    sending = false;
  });
}
