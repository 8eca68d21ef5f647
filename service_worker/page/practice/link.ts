/**
 * What an assessor's phone shows a learner's: a link as a QR code, and a short code to type in its place. The link's
 * fragment holds what was seen, so that the learner's phone can show it with no signal. No server ever gets a fragment.
 */

import type { Decision } from '../../core/records.ts';

/** No letter or digit that is easily taken for another. */
export const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;
/** Longer words of the next step would make squares too small for an old phone's camera on another phone's screen. */
const MOST_STEP = 140;

/** What was seen, as one phone tells another. */
export interface Told {
  short: string;
  /** The id of the record; null where only the short code is known. */
  observation: string | null;
  /** Null where only the code is known: then its words are to be read on the other phone. */
  content: Content | null;
}

export interface Content {
  assessor: string;
  standard: number;
  seen_on: string;
  decisions: { code: string; decision: Decision }[];
  next_step: string | null;
}

/** A new short code. `random(n)` gives n random bytes. */
export function newShort(random: (bytes: number) => Uint8Array): string {
  let code = '';
  while (code.length < LENGTH) {
    // The last few values would make the first letters likelier than others.
    for (const byte of random(LENGTH * 2)) if (byte < 240 && code.length < LENGTH) code += ALPHABET[byte % ALPHABET.length];
  }
  return code;
}

/** A typed code without spaces and hyphens, in capitals; null when it cannot be one. */
export function cleanShort(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s-]/g, '');
  return code.length === LENGTH && [...code].every((letter) => ALPHABET.includes(letter)) ? code : null;
}

/** "ABCD 2345", as it is read out. */
export const spoken = (code: string): string => `${code.slice(0, 4)} ${code.slice(4)}`;

const toBase64Url = (text: string): string => btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

const fromBase64Url = (text: string): string => new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0)));

/** The link. The other phone has the words of the criteria, or they are read on this one. */
export function linkOf(origin: string, short: string, observation: string, { assessor, standard, seen_on, decisions, next_step }: Content): string {
  const codes = (decision: Decision): string[] => decisions.filter((one) => one.decision === decision).map((one) => one.code);
  const letters = [...(next_step ?? '')];
  const step = letters.length > MOST_STEP ? `${letters.slice(0, MOST_STEP - 1).join('')}…` : next_step;
  const content = { a: assessor, s: standard, d: seen_on, y: codes('yes'), n: codes('not-yet'), ...(step ? { t: step } : {}) };
  return `${origin}/confirm#${short}.${observation}.${toBase64Url(JSON.stringify(content))}`;
}

/**
 * What was on the screen, written as the server writes it, to be hashed: app/assessment/saw.py says how. What comes
 * with the squares has neither words of what was seen nor a day to look again.
 */
export const asShown = ({ standard, seen_on, decisions, next_step, next_on = null }: Pick<Content, 'standard' | 'seen_on' | 'next_step'> & { decisions: readonly { code: string; decision: Decision; saw?: string }[]; next_on?: string | null }): Uint8Array =>
  new TextEncoder().encode(JSON.stringify([1, standard, seen_on, decisions.map(({ code, decision, saw = null }) => [code, decision, saw]), next_step, next_on]));

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 600;
const isCodes = (value: unknown): value is string[] => Array.isArray(value) && value.length <= 60 && value.every((one) => isText(one) && one.length <= 20);

/** What a fragment tells (with or without its #), or null when it is no such thing or was cut off. */
export function toldBy(fragment: string): Told | null {
  const [typed = '', observation, packed, ...more] = fragment.replace(/^#/, '').split('.');
  const short = cleanShort(typed);
  if (!short || more.length) return null;
  if (observation === undefined) return { short, observation: null, content: null };
  if (!UUID.test(observation) || packed === undefined) return null;
  try {
    const { a, s, d, y, n, t } = JSON.parse(fromBase64Url(packed)) as { [name: string]: unknown };
    if (!isText(a) || !Number.isInteger(s) || !/^\d{4}-\d\d-\d\d$/.test(String(d)) || !isCodes(y) || !isCodes(n) || !(t === undefined || isText(t))) return null;
    const named = (codes: string[], decision: Decision): Content['decisions'] => codes.map((code) => ({ code, decision }));
    return { short, observation, content: { assessor: a, standard: s as number, seen_on: String(d), decisions: [...named(y, 'yes'), ...named(n, 'not-yet')], next_step: t ?? null } };
  } catch {
    return null;
  }
}
