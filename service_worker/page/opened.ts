/**
 * Who may see their own things on this phone just now. A phone that several people share is opened by one of them, with
 * their PIN, and shuts after ten minutes without a touch; so does the phone of somebody alone who asked for that.
 *
 * What is noted is one short line of local storage: it is there at once, every tab hears when it changes, and a full
 * phone still takes it. The clock is the phone's. One that jumps ahead, or back by more than a moment, shuts.
 */

import { asks, byPerson, people, value, type Person } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';

const NOTE = 'bv-open';
/** Where somebody was when the phone shut, for this tab. */
export const BACK = 'bv-back';
/** ms without a touch. */
export const IDLE = 600_000;
/** Phones mend their clocks by this much (ms) without anybody noticing. */
const MENDED = 60_000;
/** A touch is noted this often (ms); more would only wear out the phone. */
const NOTE_EVERY = 20_000;

interface Note {
  person: string;
  /** Phone time of the last touch, ms. */
  at: number;
}

function noted(): Note | null {
  try {
    const [person = '', at] = (localStorage.getItem(NOTE) ?? '').split(' ');
    return person ? { person, at: Number(at) } : null;
  } catch {
    return null;
  }
}

/** Open the phone for a person, or note that they touched it just now. */
export function open(id: string, now: number): void {
  try {
    localStorage.setItem(NOTE, `${id} ${now}`);
  } catch {
    // Then it shuts at the next page, which harms nothing.
  }
}

export function shut(): void {
  try {
    localStorage.removeItem(NOTE);
  } catch {
    // It was never open.
  }
}

/** Is the phone open for this person? `all` are the people on it, `now` is phone time in ms. */
export function isOpen(all: readonly Person[], id: string, now: number): boolean {
  if (!asks(all)) return true;
  const note = noted();
  const ago = now - (note?.at ?? NaN);
  return note?.person === id && ago > -MENDED && ago < IDLE;
}

/** The person who opened this phone, the people on it, and who of them was here last. Throws NotSaved. */
export async function whoIsHere(now: number): Promise<{ who: Person | null; last: Person | null; all: Person[] }> {
  const [id, all] = await Promise.all([value('person'), people()]);
  // Somebody left alone on a phone is who it is.
  const last = all.find((one) => one.id === id) ?? (byPerson(all).length === 1 ? all[0]! : null);
  return { who: last && isOpen(all, last.id, now) ? last : null, last, all };
}

const atTheDoor = (): boolean => location.pathname === '/who';

/** This page is being left: going twice would call the first one off. */
let leaving = false;

/** Somebody else wants this phone. */
export function goToTheDoor(): void {
  leaving = true;
  shut();
  location.assign('/who');
}

/** Leave for "Who is using this phone?", and come back to this place afterwards. */
export function leave(): void {
  if (leaving || atTheDoor()) return;
  leaving = true;
  // Once it was shut it stays so, whatever the clock does later.
  shut();
  try {
    sessionStorage.setItem(BACK, location.pathname + location.hash);
  } catch {
    // Then it is Today afterwards.
  }
  location.replace('/who');
}

/** Somebody was taken off this phone. Every other tab hears it, also where nothing was noted. */
export function left(): void {
  open('', 0);
  shut();
}

/** What was typed and could not be stored lives on this screen only: it is not taken away. Nor are the words of farewell. */
const holdsWords = (): boolean => document.querySelector('[data-not-saved], [data-gone]') !== null;

/**
 * The person whose things may be drawn on this page, or null when there is nobody on the phone. While the phone is shut
 * this page is left and the promise stays open, so that nothing of anybody is drawn. Throws NotSaved.
 */
export async function personHere(deps: Pick<Deps, 'now'>): Promise<Person | null> {
  const { who, last, all } = await whoIsHere(deps.now());
  if (who || !all.length) return who;
  // Tests of the rules, and the page at the door, have nowhere to go.
  if (typeof document === 'undefined' || atTheDoor()) return null;
  if (holdsWords()) return last;
  leave();
  return new Promise(() => undefined);
}

/** Keep watch on a page: note touches, and leave when the phone was shut or is another person's now. */
export function keepWatch(deps: Pick<Deps, 'now'>): () => void {
  let mine: string | null | undefined;
  /** The people on this phone when it was looked at last. */
  let all: Person[] = [];
  let next = -Infinity;
  const look = async (): Promise<void> => {
    const who = (await personHere(deps))?.id ?? null;
    if (mine && who !== mine && !holdsWords()) {
      // What is on screen, and kept in this page, is the other person's.
      location.replace('/today');
      return new Promise(() => undefined);
    }
    all = await people();
    mine ??= who;
  };
  const again = (): void => void look().catch(() => undefined);
  const show = (): void => void (document.body.style.visibility = '');
  /** Look, and show nothing until it is known whose this page may be. Where the phone does not say, only who is not asked sees it. */
  const lookCovered = (): void => {
    document.body.style.visibility = 'hidden';
    look().then(show, () => !asks(all) && show());
  };
  const touched = (): void => {
    const now = deps.now();
    // Somebody alone, who is not asked, costs nothing here.
    if (!mine || !asks(all) || (now < next && now > next - NOTE_EVERY)) return;
    next = now + NOTE_EVERY;
    // A touch after the time is over opens nothing.
    void whoIsHere(now).then(({ who }) => (who ? who.id === mine && open(who.id, now) : again()), () => undefined);
  };
  for (const kind of ['pointerdown', 'keydown', 'focusin', 'scroll']) addEventListener(kind, touched, { passive: true, capture: true });
  addEventListener('storage', (event) => (event.key === NOTE || event.key === null) && again());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible') return;
    // Whoever picks the phone up after its time sees nothing of the other, not even for a moment, nor before this page knows whose it is.
    if ((mine === undefined || (mine && !isOpen(all, mine, deps.now()))) && !holdsWords()) lookCovered();
    else again();
  });
  // A page the browser kept aside shows what was.
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    leaving = false;
    if (holdsWords()) again();
    else lookCovered();
  });
  again();
  return again;
}
