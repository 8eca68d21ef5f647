/** The page after the PIN: this phone is enrolled, lessons come onto it, and it can go on the home screen. */

import { person, value } from '../store/phone.ts';
import { state } from '../store/person.ts';
import type { Deps } from '../sync/deps.ts';
import { download } from '../sync/download.ts';
import { againFile, keepWhereAsked } from './coming-back.ts';
import { button, make } from './elements.ts';
import { firstFetch, takeFromPage, type Enrolled } from './enrol.ts';
import { installed as isInstalled } from './installed.ts';
import { personHere } from './opened.ts';
import { forgetHandedOver, handedOver, type Curtain } from './pin-curtain.ts';
import { count, size, sizeOf } from './say.ts';
import { beginWorker } from './trusted.ts';
import { setLater } from './wifi.ts';

interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

/** Marks that this tab has enrolled the phone: loading the page again must not enrol it twice. */
const ENROLLED = 'bv-enrolled';

export function enrolPhone(host: HTMLElement, deps: Deps): Promise<void> {
  homeScreen();
  return run(host, deps);
}

/** Show the way to the lessons, or hide it: before the first of them is here it would lead to an empty screen. */
const wayOn = (open: boolean): void => {
  const onward = document.querySelector<HTMLElement>('[data-lessons]');
  if (onward) onward.hidden = !open;
};

async function run(host: HTMLElement, deps: Deps): Promise<void> {
  const show = (state: string): void => {
    for (const part of host.querySelectorAll<HTMLElement>('[data-when]')) part.hidden = part.dataset['when'] !== state;
    if (state !== 'ready') wayOn(false);
  };
  const again = (): void => void run(host, deps);
  // Assigned, not added: this runs anew with each try.
  window.ononline = null;
  for (const press of host.querySelectorAll<HTMLButtonElement>('[data-again]')) press.onclick = again;
  show('working');
  const csrf = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? '';
  // A PIN chosen just now is another person's than the one this tab enrolled before, or their new one.
  const curtain = handedOver();
  const done = curtain ? null : await enrolledHere();
  const brought: Enrolled | null = done ? { end: 'ready', person: done } : curtain && (await given(host, deps, curtain));
  const file = brought ? null : await againFile();
  const enrolled = brought ?? (await file?.enrol(deps, host.dataset['devices'] ?? '/api/v1/devices', csrf, curtain)) ?? { end: 'no-signal' };
  // The browser's sign-in alone opens nothing on a phone that asks for a PIN.
  if (enrolled.end === 'ready') await personHere(deps);
  // This browser was signed in before, as in an app just put on the home screen: the PIN, or a passkey, shows that it is still her.
  if (enrolled.end === 'pin') {
    show('pin');
    return file!.isItYou(host, deps, enrolled.row, (id) => {
      show('ready');
      return carryOn(host, deps, id, true);
    });
  }
  show(enrolled.end);
  if (enrolled.end === 'no-signal') return void (window.ononline = again);
  const { news } = host.dataset;
  delete host.dataset['news'];
  if (enrolled.end === 'ready') await carryOn(host, deps, enrolled.person, !done, news);
}

/** What the reply to the PIN brought, once: a second try asks the server. The page takes the address it has when it is opened again. */
async function given(host: HTMLElement, deps: Deps, curtain: Curtain): Promise<Enrolled | null> {
  const { enrolled, now = '', here } = host.dataset;
  if (!enrolled) return null;
  delete host.dataset['enrolled'];
  history.replaceState(null, '', here);
  return takeFromPage(deps, enrolled, now, curtain);
}

/** The phone is this person's now; `fresh` when it was not before this page. `news`: what came with the page. */
async function carryOn(host: HTMLElement, deps: Deps, person: string, fresh: boolean, news?: string): Promise<void> {
  sessionStorage.setItem(ENROLLED, person);
  forgetHandedOver();
  beginWorker();
  await keepWhereAsked(deps);
  await firstFetch(deps, person, news);
  const get = (): Promise<void> => getLessons(host, deps, person, false);
  const known = fresh && (await state(person, 'snapshot'))?.results.length;
  if (known) wayOn(true);
  if (!known) return get();
  const again = await againFile();
  if (again) return again.lessonsAgain(host, deps, person, get);
  // Nothing can be asked, so nothing is taken that may cost mobile data.
  await setLater(true);
  host.append(make('p', { class: 'bv-getting', 'data-later': true }, 'Your record is here. Your lessons come with Wi-Fi, or one by one as you open them.'));
}

/** Longest wait for the pages themselves, in ms; a phone that cannot keep them still learns with signal. */
const SHELL_WAIT = 20_000;

/** Whether the pages are kept too: lessons on the phone open without signal only once the worker stands. */
const pagesKept = (): Promise<boolean> =>
  Promise.race([
    navigator.serviceWorker?.ready.then(() => true) ?? Promise.resolve(false),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), SHELL_WAIT)),
  ]);

async function enrolledHere(): Promise<string | null> {
  const id = sessionStorage.getItem(ENROLLED);
  // They may have been taken off the phone since.
  return id && (await value('person').catch(() => undefined)) === id && (await person(id)) ? id : null;
}

/** Get the lessons, saying how much; pictures that are too big to come unasked wait for a tap. */
async function getLessons(host: HTMLElement, deps: Deps, person: string, pictures: boolean): Promise<void> {
  host.querySelector('[data-getting]')?.remove();
  const words = make('p', {}, 'Getting your lessons…');
  const meter = make('progress', { class: 'bv-meter', max: '1', 'aria-label': 'Getting your lessons' });
  const box = make('div', { class: 'bv-getting', 'data-getting': true }, words, meter);
  host.append(box);
  const report = await download(deps, person, {
    ...(pictures ? { media: true } : {}),
    onProgress: ({ done, total }) => {
      if (done) wayOn(true);
      if (!total) return;
      meter.value = done / total;
      words.textContent = `Getting… ${sizeOf(done, total)}`;
    },
  });
  wayOn(true);
  const kept = await pagesKept();
  meter.remove();
  const assigned = ((await state(person, 'catalogue'))?.modules ?? []).filter((module) => module.assigned).length;
  if (report.end === 'no-answer' || report.end === 'nothing-known') words.textContent = 'The signal went. Your lessons come when it is back.';
  else if (report.end === 'no-room') words.textContent = 'This phone is nearly full. Some lessons are not on it yet.';
  else if (!kept) words.textContent = 'For now your lessons need signal. After your next visit here they do not.';
  else words.textContent = assigned ? `On this phone: ${count(assigned, 'lesson')} to do.` : 'Nothing to do yet. Lessons come by themselves.';
  box.dataset['getting'] = kept && report.end === 'done' ? 'done' : 'later';
  if (report.asking) box.append(make('p', {}, `Pictures are another ${size(report.asking)}.`), button('Get the pictures now', () => void getLessons(host, deps, person, true), { look: 'wide', sign: 'getting' }));
}

/** "Put it on my home screen": Android's own question where the browser offers it, else the steps on the page. */
function homeScreen(page: ParentNode = document): void {
  const part = (name: string): HTMLElement | null => page.querySelector(`[data-install="${name}"]`);
  const installed = (): void => {
    for (const name of ['steps', 'later', 'done']) {
      const one = part(name);
      if (one) one.hidden = name !== 'done';
    }
  };
  if (isInstalled()) installed();
  addEventListener('appinstalled', installed);
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    const prompt = part('prompt');
    if (!prompt) return;
    prompt.hidden = false;
    prompt.querySelector<HTMLButtonElement>('[data-install-now]')!.onclick = () => void (event as InstallPrompt).prompt();
  });
}
