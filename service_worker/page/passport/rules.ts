/** What a passport says: which halves stand beside each other, what holds, and the file made of it. No DOM. */

import type { Passport, PassportItem, PassportLink, Signed } from '../../core/api.ts';

/** What is known of one place. `provider` is its name. */
export interface Placed {
  provider: string;
  passport: Passport;
}

export interface Thing extends PassportItem {
  provider: string;
}

export interface Group {
  title: string;
  things: Thing[];
  /** Halves of the standard that are not met. */
  missing: string[];
}

type Look = readonly [words: string, sign: string, colour: 'soft' | 'done' | 'late' | 'wait'];

export const NAMES: { readonly [kind in PassportItem['kind']]: string } = {
  certificate: 'Every standard signed off',
  standard: 'Signed off',
  knowledge: 'Knowledge',
  practice: 'Practice seen at work',
  elective: 'Passed',
};
/** A quiz passed never looks like a standard that is complete. */
const SIGNS: { readonly [kind in PassportItem['kind']]: string } = { certificate: 'record', standard: 'record', knowledge: 'learn', practice: 'eye', elective: 'tick' };
const ORDER = Object.keys(NAMES);
const HALVES = ['knowledge', 'practice'] as const;

/** Things by standard, those of all places together; the whole certificate first, what is about no standard last. */
export function grouped(places: readonly Placed[]): Group[] {
  const found = new Map<number, Thing[]>();
  for (const { provider, passport } of places) {
    for (const item of passport.items) {
      const place = item.standard ?? (item.kind === 'certificate' ? 0 : 999);
      found.set(place, [...(found.get(place) ?? []), { ...item, provider }]);
    }
  }
  return [...found]
    .sort(([one], [other]) => one - other)
    .map(([place, things]) => ({
      title: place === 0 ? 'Care Certificate' : place === 999 ? 'Other learning' : titleOf(things[0]!),
      things: things.sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) || (one.name < other.name ? -1 : 1)),
      missing: things[0]!.standard === null ? [] : HALVES.filter((half) => !things.some(({ kind, withdrawn }) => kind === half && !withdrawn)).map((half) => NAMES[half]),
    }));
}

/** "Standard 13, Health and safety: knowledge" → "13. Health and safety". */
const titleOf = ({ name, standard }: PassportItem): string => `${standard}. ${name.replace(/^Standard \d+, /, '').replace(/: [^:]*$/, '')}`;

/** What to call a thing in its group. */
export const nameOf = ({ kind, name }: PassportItem): string => (kind === 'elective' ? name.replace(/: module passed$/, '') : NAMES[kind]);

/** Whether somebody else would find that it holds. `now` is by the server's clock. */
export const holds = ({ id, withdrawn, until }: PassportItem, now: number): boolean => !!id && !withdrawn && !(until && Date.parse(until) < now);

/** How a thing stands, in word, shape and colour. */
export function standingOf(item: PassportItem, now: number): Look {
  if (item.withdrawn) return ['Withdrawn', 'warning', 'late'];
  if (item.until && Date.parse(item.until) < now) return ['Out of date', 'clock', 'late'];
  return [item.id ? 'Valid' : 'Met, not signed', SIGNS[item.kind], item.id ? 'done' : 'wait'];
}

/** How a link stands. */
export function linkStanding({ taken_back: back, until }: PassportLink, now: number): Look {
  if (back) return ['Taken back', 'dash', 'soft'];
  return Date.parse(until) < now ? ['Ended', 'dash', 'soft'] : ['Open', 'tick', 'done'];
}

/** What a signed thing says of itself: what it is, the lines it is about, and what it rests on. */
export function saidBy(signed: Signed | undefined): { words: string; lines: string[]; evidence: string[] } {
  try {
    const { credentialSubject, evidence = [] } = JSON.parse(signed?.body ?? '') as { credentialSubject: { achievement: { description: string; alignment?: { targetName: string }[] } }; evidence?: { narrative: string }[] };
    const { alignment = [], description } = credentialSubject.achievement;
    return { words: description, lines: alignment.map((one) => one.targetName), evidence: evidence.map((one) => one.narrative) };
  } catch {
    return { words: '', lines: [], evidence: [] };
  }
}

export const base64Url = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

const encoded = (text: string): string => base64Url(new TextEncoder().encode(text));

/** The token as it was signed: the server sends it taken apart, as so it is a third on the wire. */
export const jwtOf = ({ head, body, signature }: Signed): string => `${encoded(head)}.${encoded(body)}.${signature}`;

/** All of it as one file that others check: a VerifiablePresentation, as the server makes it of a link. */
export const presentation = (things: readonly PassportItem[]): object => {
  const context = 'https://www.w3.org/ns/credentials/v2';
  return {
    '@context': [context],
    type: ['VerifiablePresentation'],
    verifiableCredential: things.flatMap(({ signed }) => (signed ? [{ '@context': context, id: `data:application/vc+jwt,${jwtOf(signed)}`, type: 'EnvelopedVerifiableCredential' }] : [])),
  };
};
