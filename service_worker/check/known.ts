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

/** What came from the network or lay on the phone, if it is of that form; else null. It is our own server's, which looked at what is foreign in it. */
export const asKnown = (value: unknown): Known | null => (isNamed(value) && Array.isArray(value['issuers']) ? (value as unknown as Known) : null);

/** The bits of a list, unpacked; null where this browser cannot, or where they are none: then nothing is known of withdrawals. */
export async function unpacked(text: string): Promise<Uint8Array | null> {
  try {
    const stream = new Blob([fromBase64Url(text)]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    return null;
  }
}
