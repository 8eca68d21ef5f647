/**
 * The PIN as a curtain between people who share a phone, without signal. It is no encryption: six digits can be tried
 * one after the other by whoever takes the phone apart. What matters lies behind the tokens, on the server.
 */

import { NotSaved } from '../store/open.ts';
import { changePerson, type Person } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { count, minutes } from './say.ts';

export interface Curtain {
  /** base64 */
  salt: string;
  /** PBKDF2 with SHA-256, 32 bytes, base64 */
  hash: string;
  iterations: number;
}

/** Half a second on a five-year-old phone. */
const ITERATIONS = 210_000;

const text = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const bytes = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

async function stretched(pin: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<string> {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits']);
  return text(new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, key, 256)));
}

/** What to keep of a PIN; the PIN itself is kept nowhere. */
export async function curtainFor(pin: string, random: (count: number) => Uint8Array, iterations = ITERATIONS): Promise<Curtain> {
  const salt = new Uint8Array(random(16));
  return { salt: text(salt), hash: await stretched(pin, salt, iterations), iterations };
}

/** Does this PIN open it? */
export const opens = async (curtain: Curtain, pin: string): Promise<boolean> => (await stretched(pin, bytes(curtain.salt), curtain.iterations)) === curtain.hash;

/** Wrong tries before the first wait; then one try after each. */
const TRIES = 5;
const LONGEST = 60;

/** Minutes to wait after so many wrong tries: 1, 2, 4 … 60. */
const waitAfter = (wrong: number): number => (wrong < TRIES ? 0 : Math.min(LONGEST, 2 ** (wrong - TRIES)));

/** A full phone must shut nobody out of their lessons: there, and only there, tries are not counted. */
const note = (id: string, change: Parameters<typeof changePerson>[1]): Promise<void> =>
  changePerson(id, change).catch((error: unknown) => {
    if (!(error instanceof NotSaved && error.why === 'full')) throw error;
  });

/**
 * Try a PIN on the phone. Wrong tries are counted in the database before the PIN is looked at, so that neither closing
 * the app nor a second tab saves anybody a wait. A clock set back begins the wait anew; one set forward ends it, as a
 * phone knows no better.
 *
 * Returns null when it opens, else what to say. Throws NotSaved.
 */
export async function tryPin(deps: Pick<Deps, 'now'>, { id }: Pick<Person, 'id'>, pin: string): Promise<string | null> {
  const now = deps.now();
  let row: Person | undefined;
  let wrong = 0;
  let left = 0;
  await note(id, (found) => {
    row = found;
    const { n, at } = found.wrong ?? { n: 0, at: now };
    const wait = waitAfter(n) * 60_000;
    left = Math.min(wait, wait - (now - at));
    wrong = n + 1;
    return { wrong: left > 0 ? { n, at: Math.min(at, now) } : { n: wrong, at: now } };
  });
  const forgot = `Forgot it? Ask ${row?.contact ?? 'your manager'} for a new code.`;
  if (left > 0) return `Too many tries. Wait ${minutes(Math.ceil(left / 60_000))}, then try again. ${forgot}`;
  if (row?.pin && (await opens(row.pin, pin))) {
    await note(id, { wrong: null });
    return null;
  }
  const wait = waitAfter(wrong);
  return `That PIN does not match. ${wait ? `Wait ${minutes(wait)}, then try again.` : `You have ${count(TRIES - wrong, 'more try', 'more tries')}.`} ${forgot}`;
}

const HANDED = 'bv-curtain';

/** Hand the curtain from the page of the PIN to the page after it; it is gone once taken, or when the tab closes. */
export const handOver = (curtain: Curtain): void => sessionStorage.setItem(HANDED, JSON.stringify(curtain));

export function handedOver(): Curtain | null {
  try {
    return JSON.parse(sessionStorage.getItem(HANDED) ?? 'null') as Curtain | null;
  } catch {
    return null;
  }
}

export const forgetHandedOver = (): void => sessionStorage.removeItem(HANDED);
