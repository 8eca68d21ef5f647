/**
 * Passkeys on the staff pages. A form with `data-passkey` asks the server what to answer, asks the browser for the
 * passkey, puts its answer into the form and sends it. Loaded on those pages only; no phone that learns has it.
 */

import { answerTo, type Asked } from './webauthn.ts';

class OutOfTime extends Error {}

async function ask(form: HTMLFormElement): Promise<void> {
  const token = form.querySelector<HTMLInputElement>('[name=csrf_token]')!.value;
  const reply = await fetch(form.dataset['options']!, { method: 'POST', headers: { 'X-CSRFToken': token }, redirect: 'error' });
  if (!reply.ok) throw new OutOfTime();
  form.querySelector<HTMLInputElement>('[name=credential]')!.value = JSON.stringify(await answerTo((await reply.json()) as Asked));
  form.submit();
}

function wordsFor(error: unknown): string {
  const { name } = error as Error;
  if (name === 'InvalidStateError') return 'This passkey is here already.';
  // Also what it is called when somebody changes their mind, or takes too long.
  if (name === 'NotAllowedError' || name === 'AbortError') return 'Nothing was changed. Try again, or use another way.';
  if (error instanceof OutOfTime) return 'This page was open for too long. Load it again.';
  return 'That did not work. Look at your connection, load this page again, or use another way.';
}

const able = 'PublicKeyCredential' in window;
for (const none of document.querySelectorAll<HTMLElement>('[data-passkey-none]')) none.hidden = able;
if (able) {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
    form.hidden = false;
    let busy = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      const says = form.querySelector<HTMLElement>('[data-passkey-says]')!;
      says.textContent = 'Waiting for your passkey…';
      ask(form).catch((error: unknown) => {
        busy = false;
        says.textContent = wordsFor(error);
      });
    });
  }
}
