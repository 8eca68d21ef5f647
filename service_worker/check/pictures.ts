/** The credential inside a picture (Open Badges 3.0, 5.3), read as app/credentials/reading.py does. */

import { NO_CREDENTIAL, Unreadable } from './strict-json.ts';

const MOST_IMAGE = 512 * 1024;
const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const KEYWORD = 'openbadgecredential\0';
const NAMESPACE = 'https://purl.imsglobal.org/ob/v3p0';
const DAMAGED = 'The credential in this picture is damaged.';
/** How deep a picture may be nested: each look for a namespace goes through all that is around. */
const DEEPEST = 200;
const ENTITIES: { [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Bytes as text. Throws where they are none. */
export const utf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);

export const isPng = (data: Uint8Array): boolean => SIGNATURE.every((byte, place) => data[place] === byte);

/** What an iTXt chunk holds. Throws Unreadable. */
export function fromPng(data: Uint8Array): string {
  if (data.length > MOST_IMAGE) throw new Unreadable('This picture is too big: at most 512 kB are looked at.');
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const found: Uint8Array[] = [];
  for (let at = SIGNATURE.length; at + 12 <= data.length; ) {
    const end = at + 8 + view.getUint32(at);
    if (String.fromCharCode(...data.subarray(at + 4, at + 8 + KEYWORD.length)) === `iTXt${KEYWORD}`) {
      const rest = data.subarray(at + 8 + KEYWORD.length, end);
      const one = rest.indexOf(0, 2);
      const two = one < 0 ? -1 : rest.indexOf(0, one + 1);
      const whole = end + 4 <= data.length && view.getUint32(end) === crc32(data.subarray(at + 4, end));
      // The first byte says that it is packed, which a credential is not.
      if (!whole || rest[0] !== 0 || two < 0) throw new Unreadable(DAMAGED);
      found.push(rest.subarray(two + 1));
    }
    at = end + 4;
  }
  try {
    return utf8(onlyOne(found)).trim();
  } catch (error) {
    throw error instanceof Unreadable ? error : new Unreadable(DAMAGED);
  }
}

function crc32(bytes: Uint8Array): number {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

function onlyOne<T>(found: readonly T[]): T {
  const [first, second] = found;
  if (first === undefined) throw new Unreadable('There is no credential in this picture. Some apps drop it: ask for the file again.');
  if (second !== undefined) throw new Unreadable('There are two credentials in this picture, so which one it stands for cannot be told.');
  return first;
}

// A piece of XML: CDATA, a comment, an instruction, a tag with its attributes, text. Anything else is refused at once.
const PIECE = /<!\[CDATA\[([^]*?)\]\]>|<!--[^]*?-->|<\?[^]*?\?>|<(\/?)([^\s/>"'<=!?]+)((?:\s+[^\s=/>"'<]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)|</g;
const ATTRIBUTE = /([^\s=/>"'<]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;

interface Open {
  name: string;
  /** Its attributes, and behind them those around it: that is how namespaces reach. */
  said: { [attribute: string]: string };
  /** What it says before anything else stands in it; null where it is not asked for. */
  text: string | null;
}

/**
 * What the element of credentials says, in its attribute `verify` or as text. A small reader of XML, as the browser's
 * own would be handed a stranger's text as a document. It knows no document types and no entities but the five.
 *
 * Throws Unreadable.
 */
export function fromSvg(text: string): string {
  if (text.length > MOST_IMAGE) throw new Unreadable('This picture is too big: at most 512 kB are looked at.');
  const found: string[] = [];
  const open: Open[] = [];
  let roots = 0;
  for (const [piece, cdata, closes, tag, given = '', empty, words] of text.matchAll(PIECE)) {
    const around = open[open.length - 1];
    if (words !== undefined || cdata !== undefined) {
      if (!around && piece.trim()) throw new Unreadable(NO_CREDENTIAL);
      if (around && around.text !== null) around.text += cdata ?? plain(words!);
    } else if (closes) {
      if (!around || around.name !== tag || given) throw new Unreadable(NO_CREDENTIAL);
      if (around.text !== null) found.push(around.text);
      open.pop();
    } else if (tag !== undefined) {
      if (!around && (roots += 1) > 1) throw new Unreadable(NO_CREDENTIAL);
      if (open.length > DEEPEST) throw new Unreadable(NO_CREDENTIAL);
      const said = Object.create(around?.said ?? null) as Open['said'];
      let verify = '';
      for (const [, name = '', one, two = ''] of given.matchAll(ATTRIBUTE)) {
        said[name] = plain(one ?? two);
        if (name === 'verify') verify = said[name];
      }
      const [local, prefix] = tag.split(':').reverse();
      const space = said[prefix ? `xmlns:${prefix}` : 'xmlns'];
      if (prefix && !space) throw new Unreadable(NO_CREDENTIAL);
      // The words of what is around it end where something else stands in it.
      if (around && around.text !== null) {
        found.push(around.text);
        around.text = null;
      }
      const asked = around && local === 'credential' && space === NAMESPACE;
      if (asked && (verify || empty)) found.push(verify);
      if (!empty) open.push({ name: tag, said, text: asked && !verify ? '' : null });
    } else if (piece === '<') throw new Unreadable(NO_CREDENTIAL);
  }
  if (open.length || !roots) throw new Unreadable(NO_CREDENTIAL);
  return onlyOne(found).trim();
}

const plain = (text: string): string =>
  text.replace(/&(#x?)?(\w+);/g, (_, code: string | undefined, name: string) => (code ? String.fromCodePoint(Number.parseInt(name, code === '#' ? 10 : 16)) : (ENTITIES[name] ?? '')));
