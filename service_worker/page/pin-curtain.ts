/**
 * The PIN as a curtain between people who share a phone, without signal. It is no encryption: six digits can be tried
 * one after the other by whoever takes the phone apart. What matters lies behind the tokens, on the server.
 */

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

export async function stretched(pin: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<string> {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits']);
  return text(new Uint8Array(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, key, 256)));
}

/** What to keep of a PIN; the PIN itself is kept nowhere. */
export async function curtainFor(pin: string, random: (count: number) => Uint8Array, iterations = ITERATIONS): Promise<Curtain> {
  const salt = new Uint8Array(random(16));
  return { salt: text(salt), hash: await stretched(pin, salt, iterations), iterations };
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
