/** What every learner page does beside its own work: the worker, sending, fetching, and "Update ready". */

import { drafts, lookBacks, waiting } from '../store/person.ts';
import { people, placesOf, value } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { download } from '../sync/download.ts';
import { fetchNews, fetchRest } from '../sync/fetch-news.ts';
import { sendAll, type SendOptions, type SendReport } from '../sync/send.ts';
import { changed } from './changes.ts';
import { keepWhereAsked } from './coming-back.ts';
import { currentPerson } from './go.ts';
import { longAgo, noteDone } from './now-and-then.ts';
import { keepLetters, keepPlaces } from './places.ts';
import { practiceRound } from './practice.ts';
import { callJudgedSent } from './judged.ts';
import { keepWatch } from './opened.ts';
import { keepUpToDate } from './update.ts';
import { later } from './wifi.ts';

/** While a page is on screen it tries to send this often, in ms; sooner while something waits, as signal comes back unsaid. */
const EVERY = 300_000;
const EVERY_WAITING = 15_000;
/** Not more often than this is the server asked what is new, unless something was just sent. */
const ASK_EVERY = 120_000;
const DAY = 86_400_000;

/** Start the frame of the page whose body is `body`. */
export function appFrame(body: HTMLElement, deps: Deps): void {
  const learning = body.classList.contains('bv-page--lesson');
  keepUpToDate(deps, learning, () => openNow(deps));
  const watch = keepWatch(deps);
  let waits = false;
  let last = deps.now();
  const go = (): void => {
    last = deps.now();
    round(deps).then((left) => {
      // Another tab, or the worker, may have sent what this page still shows as waiting.
      if (waits && !left) changed();
      waits = left;
    }, console.error);
  };
  go();
  addEventListener('online', go);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && go());
  const again = (): void => {
    watch();
    const due = waits || Math.abs(deps.now() - last) >= EVERY;
    if (due && document.visibilityState === 'visible') go();
    deps.timer(EVERY_WAITING, again);
  };
  deps.timer(EVERY_WAITING, again);
}

/** Goes under way. One put down for longer than a day must not hold up updates for ever; it is kept across them anyway. */
async function openNow(deps: Deps): Promise<number> {
  const all = (await Promise.all((await people()).map((person) => drafts(person.id)))).flat();
  return all.filter((draft) => deps.now() - Date.parse(draft.started) < DAY).length;
}

/**
 * Send, then ask what is new, then get what is missing. Each step tells the screens when something changed. Says whether
 * something is still waiting to be sent.
 */
export async function round(deps: Deps): Promise<boolean> {
  let report = await send(deps, { records: true });
  await askForSync();
  await keepWhereAsked(deps);
  const person = await currentPerson(deps);
  let late = longAgo(deps, 'got', ASK_EVERY);
  const asks = report.people.some(moved) || longAgo(deps, 'asked', ASK_EVERY);
  // What the other places of this person ask for is told on Today too.
  const places = person ? await placesOf(person) : [];
  const due = new Set(late ? places : []);
  for (const at of asks ? places : []) {
    const told = await fetchNews(deps, at.id);
    if (told === 'new') {
      due.add(at);
      // Until all of it is here: the next page goes on where this one is left.
      noteDone(deps, 'got', 0);
      late = true;
    }
    if (told === 'new' || told === 'same') noteDone(deps, 'asked');
    if (await callJudgedSent(at.id)) changed();
    if (told === 'new' || told === 'sign-in') changed();
    // Once nothing else is new: lessons come before the list of all others, and before what it takes to leave.
    if (told === 'same') {
      if ((await fetchRest(deps, at.id)) === 'new') changed();
      await keepPlaces(deps);
    }
  }
  // What was answered comes back tomorrow, and then there may be no signal for the file that asks it.
  if (person && (await lookBacks(person.id))[0]) await keepPlaces(deps);
  // Whose digest no news compared, or found to be another: of somebody else on this phone, after an ended sign-in, or
  // because the server was put back to an earlier day.
  if (report.people.some((one) => one.unseen)) report = await send(deps);
  for (const at of places) {
    // Looking whether anything is missing goes through everything stored: not on every page of a lesson.
    if (due.has(at) && !(await later(deps))) {
      const got = await download(deps, at.id);
      // Without room, or where nothing is known, looking again at once changes nothing.
      if (got.ran && got.end !== 'no-answer') due.delete(at);
      if (got.complete.length) changed();
    }
    // Once lessons are here.
    await practiceRound(deps, at.id, asks);
  }
  if (person && late && !due.size) noteDone(deps, 'got');
  if (person && (await value('settings'))?.easyRead) await keepLetters(deps);
  return !report.ran || report.people.some((one) => one.left > 0);
}

const moved = (person: SendReport['people'][number]): boolean => person.sent + person.refused > 0;

async function send(deps: Deps, options: SendOptions = {}): Promise<SendReport> {
  const report = await sendAll(deps, options);
  // A sign-in that has ended is said at once, not with the next page.
  if (report.people.some((person) => moved(person) || person.end === 'paused')) changed();
  return report;
}

/** Where the browser can wake the worker when there is signal again, ask it to. An extra trigger, never the only one. */
async function askForSync(): Promise<void> {
  const worker = (await navigator.serviceWorker?.getRegistration()) as { sync?: { register(tag: string): Promise<void> } } | undefined;
  if (!worker?.sync) return;
  const left = await Promise.all((await people()).map((person) => waiting(person.id)));
  if (left.some((records) => records.length)) await worker.sync.register('bv-send').catch(() => undefined);
}
