/**
 * The check page: a file, a pasted text or a link is judged on this phone by what it keeps, also without signal. What
 * takes the server is sent there, as the form does without scripts.
 */

import { make } from '../page/elements.ts';
import { phoneNow } from '../sync/clock.ts';
import { check, NEEDS_SERVER, type Checked } from './judge.ts';
import { asked, refreshed } from './keeping.ts';
import type { Known } from './known.ts';
import { presented } from './reading.ts';
import { mend, section, told, type Told } from './screen.ts';
import { NO_CREDENTIAL, Unreadable } from './strict-json.ts';
import { registerWorker } from './trusted.ts';

const WHERE = 'It is checked on this phone, also without signal, and does not leave it. Only JSON-LD goes to our server, which keeps nothing of it.';
const ONCE: Told = { words: 'Not checked', reason: 'This phone does not know any issuers yet. Open this page once where there is signal. Then it works without.' };
const JSON_LD = 'It is JSON-LD. What that signs is worked out from large vocabularies, which only our server has.';
const MANY = 'Our server knows more issuers than this phone.';
const OWN_PAGE = /^\/credentials\/([0-9a-f-]{36})(?:\.(?:jwt|json|png|svg))?$|^\/p\/([\w-]{22})(?:\.[a-z.]+)?$/;

const form = document.querySelector<HTMLFormElement>('[data-check]')!;
const host = document.querySelector<HTMLElement>('[data-found]')!;
const file = form.querySelector<HTMLInputElement>('#file')!;
const area = form.querySelector<HTMLTextAreaElement>('#text')!;
const address = form.dataset['check']!;
let known: Promise<Known | null>;

/** Send the form as it is, as without scripts. The page may come from this phone, so its token is asked for anew. False: no signal. */
async function sentToServer(): Promise<boolean> {
  const page = await (await asked(location.pathname, { cache: 'no-store' }))?.text();
  const token = /name="csrf_token" value="([^"]+)"/.exec(page ?? '')?.[1];
  if (!token) return false;
  form.querySelector<HTMLInputElement>('[name="csrf_token"]')!.value = token;
  form.submit();
  return true;
}

function takesServer(why: string): Told {
  const press = make('button', { type: 'button', class: 'bv-button bv-button--wide' }, 'Ask our server');
  press.addEventListener('click', () => void sentToServer().then((sent) => sent || press.replaceWith('There is no signal now.')));
  return { words: 'Not checked: it needs signal', reason: why, press };
}

/** What lies behind a link, as bytes; else what to mend. */
async function behind(link: URL): Promise<Uint8Array | string> {
  const [, credential, token] = OWN_PAGE.exec(link.pathname) ?? [];
  if (link.host !== location.host || !(credential || token)) return 'That link is not one of this server. Open it, save the file, and choose the file here.';
  const answer = await asked(credential ? `/credentials/${credential}.jwt` : `/p/${token}.json`);
  if (!answer) return 'There is no signal to look up a link. Ask for the file, and choose it here.';
  return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : 'There is nothing behind that link, or not any more. Ask whoever gave it to you.';
}

type Wrong = [field: 'file' | 'text', words: string];

/** What was chosen or pasted; else the field and what to mend in it. */
async function given(): Promise<Uint8Array | Wrong> {
  const chosen = file.files?.[0];
  if (chosen) return new Uint8Array(await chosen.arrayBuffer());
  const text = area.value.trim();
  if (!text) return ['file', 'Choose the file you were given, or paste its text.'];
  if (!/^https?:\/\/\S+$/.test(text)) return new TextEncoder().encode(text);
  const found = await behind(new URL(text));
  return typeof found === 'string' ? ['text', found] : found;
}

async function judge(data: Uint8Array): Promise<Told[]> {
  const issuers = await known;
  if (!issuers) return [ONCE];
  let inside: string[];
  try {
    inside = presented(data);
  } catch (error) {
    return [{ words: 'Altered', reason: error instanceof Unreadable ? error.message : NO_CREDENTIAL }];
  }
  const found: (Checked | typeof NEEDS_SERVER)[] = [];
  for (const each of inside) found.push(await check(new TextEncoder().encode(each), issuers, phoneNow()));
  return found.map((each) => {
    if (each === NEEDS_SERVER) return takesServer(JSON_LD);
    return each.verdict === 'unknown-issuer' && issuers.complete === false ? takesServer(MANY) : told(each);
  });
}

async function run(): Promise<void> {
  host.replaceChildren();
  const data = await given().catch((): Wrong => ['file', 'That file could not be read. Choose it again.']);
  if (Array.isArray(data)) return mend(data[0], data[1]);
  mend('file', '');
  const found = await judge(data);
  // A phone too old to unpack lists of withdrawals knows nothing of them; our server does.
  const tooOld = !('DecompressionStream' in globalThis);
  if ((tooOld || found.every(({ press }) => press)) && (await sentToServer())) return;
  host.replaceChildren(...found.map((each, place) => section(each, found.length > 1 ? place + 1 : null)));
  host.focus();
}

function start(): void {
  known = refreshed(address);
  addEventListener('online', () => void (known = refreshed(address)));
  if (navigator.serviceWorker) registerWorker(navigator.serviceWorker).catch(() => undefined);
  document.querySelector('[data-where]')!.textContent = WHERE;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void run();
  });
}

// Without these the form goes to the server, as it does without scripts.
if (globalThis.crypto?.subtle && globalThis.caches) start();
