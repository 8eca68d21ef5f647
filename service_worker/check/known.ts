/** What a phone keeps to check by: known issuers with their keys and lists of what was withdrawn (`/credentials/known.json`). */

import { isNamed, type Named } from './strict-json.ts';
import { fromBase64Url } from './reading.ts';

/** As the server sends it; `bits` are gzip, in base64url, the left-most bit first. */
export interface Known {
  /** False where the server knows more issuers than it sends. */
  complete?: boolean;
  issuers: Issuer[];
}

export interface Issuer {
  did: string;
  name: string;
  document: Named;
  lists: { url: string; checked_at: string; bits: string }[];
}

/** What came from the network or lay on the phone, if it is of that form; else null. */
export function asKnown(value: unknown): Known | null {
  const isList = (each: unknown): boolean => isNamed(each) && ['url', 'checked_at', 'bits'].every((name) => typeof each[name] === 'string');
  const isIssuer = (each: unknown): boolean =>
    isNamed(each) && typeof each['did'] === 'string' && typeof each['name'] === 'string' && isNamed(each['document']) && Array.isArray(each['lists']) && each['lists'].every(isList);
  return isNamed(value) && Array.isArray(value['issuers']) && value['issuers'].every(isIssuer) ? (value as unknown as Known) : null;
}

/** Bytes at most of a list: 8 million places. */
const MOST_BITS = 1024 * 1024;

/** The bits of a list, unpacked; null where this browser cannot, or where they are none: then nothing is known of withdrawals. */
export async function unpacked(text: string): Promise<Uint8Array | null> {
  try {
    const reader = new Blob([fromBase64Url(text)]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
    const found: Uint8Array[] = [];
    let size = 0;
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      found.push(piece.value);
      size += piece.value.length;
      if (size > MOST_BITS) return null;
    }
    return new Uint8Array(await new Blob(found as BlobPart[]).arrayBuffer());
  } catch {
    return null;
  }
}
