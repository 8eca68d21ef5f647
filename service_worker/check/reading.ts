/** From a file somebody carries to the single credentials in it, as app/credentials/presenting.py does. Nothing is checked yet. */

import { fromPng, fromSvg, isPng, utf8 } from './pictures.ts';
import { DEEPEST_LIST, isNamed, NO_CREDENTIAL, strictJson, Unreadable, type Named } from './strict-json.ts';

const MOST_FILE = 4 * 1024 * 1024;
const MOST_CREDENTIALS = 200;
const MOST_BYTES = 64 * 1024;
const ENVELOPES = ['data:application/vc+jwt,', 'data:application/vc+ld+json+jwt,', 'data:application/jwt,'];
const TOO_BIG = 'at most 64 kB are looked at.';

export const isToken = (text: string): boolean => /^[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}$/.test(text);

const listed = (value: unknown): unknown[] => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);
const bytes = (text: string): number => new TextEncoder().encode(text).length;

/** The bytes of base64url. Throws where it is none. */
export const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));

/** The object in a part of a token. Throws Unreadable. */
export function part(text: string, deepest?: number): Named {
  let words: string;
  try {
    words = utf8(fromBase64Url(text));
  } catch {
    throw new Unreadable(NO_CREDENTIAL);
  }
  return strictJson(words, deepest);
}

/** The text of a file, or that inside a picture. Throws Unreadable. */
export function textIn(data: Uint8Array): string {
  if (isPng(data)) return fromPng(data);
  let text: string;
  try {
    text = utf8(data).trim();
  } catch {
    throw new Unreadable(NO_CREDENTIAL);
  }
  return text.startsWith('<') ? fromSvg(text) : text;
}

/** The single credentials in a file, each once and in its order: tokens, or JSON. Throws Unreadable. */
export function presented(data: Uint8Array): string[] {
  if (data.length > MOST_FILE) throw new Unreadable('This file is too big: at most 4 MB are looked at.');
  const found = new Set<string>();
  let number = 0;
  for (const each of inside(textIn(data))) {
    number += 1;
    if (number > MOST_CREDENTIALS) throw new Unreadable(`There are more than ${MOST_CREDENTIALS} credentials in this file. Share fewer at a time.`);
    if (bytes(each) > MOST_BYTES) throw new Unreadable(`Number ${number} in this file is too big for a credential: ${TOO_BIG}`);
    found.add(each);
  }
  if (!found.size) throw new Unreadable('There is no credential in this file.');
  return [...found];
}

/** One credential's text, of a size that is looked at. Throws Unreadable. */
export function single(data: Uint8Array): string {
  const text = textIn(data);
  if (bytes(text) > MOST_BYTES) throw new Unreadable(`This is too big for a credential: ${TOO_BIG}`);
  return text;
}

const claims = (token: string): Named => part(token.split('.')[1]!, DEEPEST_LIST);

function* inside(text: string): Generator<string> {
  const document = isToken(text) ? claims(text) : strictJson(text, DEEPEST_LIST);
  const kinds = listed(document['type']);
  if (kinds.includes('VerifiablePresentation')) for (const each of listed(document['verifiableCredential'])) yield* item(each, true);
  else if (kinds.includes('ClrCredential')) yield* record(document);
  else yield text;
}

/** What one place of a list holds. `records`: a learner record may stand there. */
function* item(given: unknown, records: boolean): Generator<string> {
  const one = isNamed(given) && listed(given['type']).includes('EnvelopedVerifiableCredential') ? enveloped(given) : given;
  if (typeof one === 'string' ? !isToken(one) : !isNamed(one)) throw new Unreadable(NO_CREDENTIAL);
  const document = typeof one === 'string' ? claims(one) : (one as Named);
  const kinds = listed(document['type']);
  const isRecord = kinds.includes('ClrCredential');
  if (kinds.includes('VerifiablePresentation') || (isRecord && !records)) throw new Unreadable('This is nested deeper than a passport may be.');
  if (isRecord) yield* record(document);
  else yield typeof one === 'string' ? one : JSON.stringify(one);
}

function* record(document: Named): Generator<string> {
  const subject = document['credentialSubject'];
  if (!isNamed(subject)) throw new Unreadable('This is not put together as a learner record is.');
  for (const each of listed(subject['verifiableCredential'])) yield* item(each, false);
}

function enveloped({ id }: Named): string {
  const start = ENVELOPES.find((each) => typeof id === 'string' && id.startsWith(each));
  if (!start) throw new Unreadable('A credential in this file is wrapped in a way that is not known here.');
  return (id as string).slice(start.length);
}
