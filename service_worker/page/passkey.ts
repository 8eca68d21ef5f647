/**
 * Passkeys on the staff pages. A form with `data-passkey` asks the server what to answer, asks the browser for the
 * passkey, puts its answer into the form and sends it. Loaded on those pages only; no phone that learns has it.
 */

type Fields = { [name: string]: unknown };

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));

const text = (buffer: ArrayBuffer | null): string | null =>
  buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

interface Asked {
  challenge: string;
  user?: { id: string };
  allowCredentials?: { id: string }[];
  excludeCredentials?: { id: string }[];
}

/** The server's options with bytes where the browser wants bytes. */
function decoded(asked: Asked): Fields {
  const withBytes = (list?: { id: string }[]): Fields[] => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
  return {
    ...asked,
    challenge: bytes(asked.challenge),
    ...(asked.user ? { user: { ...asked.user, id: bytes(asked.user.id) }, excludeCredentials: withBytes(asked.excludeCredentials) } : { allowCredentials: withBytes(asked.allowCredentials) }),
  };
}

/** What the browser answered, as the server reads it. */
function encoded(credential: PublicKeyCredential): string {
  const { clientDataJSON } = credential.response;
  const { attestationObject, authenticatorData, signature, userHandle } = credential.response as Partial<AuthenticatorAttestationResponse & AuthenticatorAssertionResponse>;
  const rest: Fields = attestationObject
    ? { attestationObject: text(attestationObject) }
    : { authenticatorData: text(authenticatorData ?? null), signature: text(signature ?? null), userHandle: text(userHandle ?? null) };
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: { clientDataJSON: text(clientDataJSON), ...rest } });
}

class OutOfTime extends Error {}

async function ask(form: HTMLFormElement): Promise<void> {
  const token = form.querySelector<HTMLInputElement>('[name=csrf_token]')!.value;
  const reply = await fetch(form.dataset['options']!, { method: 'POST', headers: { 'X-CSRFToken': token }, redirect: 'error' });
  if (!reply.ok) throw new OutOfTime();
  const publicKey = decoded((await reply.json()) as Asked) as unknown;
  const answer =
    form.dataset['passkey'] === 'create'
      ? await navigator.credentials.create({ publicKey: publicKey as PublicKeyCredentialCreationOptions })
      : await navigator.credentials.get({ publicKey: publicKey as PublicKeyCredentialRequestOptions });
  form.querySelector<HTMLInputElement>('[name=credential]')!.value = encoded(answer as PublicKeyCredential);
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

export {};
