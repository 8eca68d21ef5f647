/** The only place that calls `fetch`. An answer counts only when it is shown to come from our server. */

import { PROTO } from '../core/api.ts';
import { hex } from '../core/count.ts';
import { setValue, value } from '../store/phone.ts';
import { learnOffset } from './clock.ts';
import type { Deps } from './deps.ts';

export const browserFetch = (address: string, init: RequestInit): Promise<Response> => fetch(address, init);

/** No answer, or none to be believed: no signal, a portal, another server, a reply that broke off. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** ms without a single byte after which a request is given up. */
export const TIMEOUT = 20_000;

export interface Answer {
  status: number;
  headers: Headers;
  body: Uint8Array;
}

/**
 * Ask for `address` without redirects, and without cookies unless `init` says so (only enrolling does). The 20 seconds start anew with each piece that arrives, so a slow
 * line gets its time and a dead one does not. `signal` gives up at once.
 *
 * Throws NoAnswer.
 */
export async function ask(deps: Deps, address: string, init: RequestInit = {}, signal?: AbortSignal): Promise<Answer> {
  if (signal?.aborted) throw new NoAnswer('Given up');
  const stop = new AbortController();
  const giveUp = (): void => stop.abort();
  let callOff = deps.timer(TIMEOUT, giveUp);
  // Aborting rejects a real fetch; racing it as well means that one which ignores the signal cannot hold us.
  const given = new Promise<never>((_, reject) => stop.signal.addEventListener('abort', () => reject(new NoAnswer('No answer in time'))));
  given.catch(() => undefined);
  signal?.addEventListener('abort', giveUp);
  try {
    const response = await Promise.race([
      deps.fetch(address, { credentials: 'omit', cache: 'no-store', ...init, redirect: 'error', signal: stop.signal }),
      given,
    ]);
    const pieces: Uint8Array[] = [];
    const reader = response.body?.getReader();
    for (let piece = await Promise.race([reader?.read(), given]); piece && !piece.done; piece = await Promise.race([reader!.read(), given])) {
      pieces.push(piece.value);
      callOff();
      callOff = deps.timer(TIMEOUT, giveUp);
    }
    const body = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let place = 0;
    for (const piece of pieces) {
      body.set(piece, place);
      place += piece.length;
    }
    return { status: response.status, headers: response.headers, body };
  } catch (error) {
    throw error instanceof NoAnswer ? error : new NoAnswer(String(error));
  } finally {
    callOff();
    signal?.removeEventListener('abort', giveUp);
  }
}

/** The body as JSON, or null when it is none. */
export function json(answer: Answer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(answer.body));
  } catch {
    return null;
  }
}

export const bearer = (token: string, more: { [name: string]: string } = {}): { [name: string]: string } => ({ ...more, authorization: `Bearer ${token}` });

/** Send JSON to the API with a token. Throws NoAnswer. */
export const post = (deps: Deps, path: string, token: string, content: unknown): Promise<Answer> =>
  ask(deps, `/api/v1/${path}`, {
    method: 'POST',
    headers: bearer(token, { 'content-type': 'application/json' }),
    body: JSON.stringify(content),
  });

/** Read from the API with a token; `etag` is what the last answer carried. Throws NoAnswer. */
export const read = (deps: Deps, path: string, token: string, etag?: string): Promise<Answer> =>
  ask(deps, `/api/v1/${path}`, { headers: bearer(token, etag ? { 'if-none-match': etag } : {}) });

/** SHA-256 of bytes as hex. */
export const sha256Hex = async (deps: Deps, bytes: Uint8Array): Promise<string> => hex(await deps.sha256(bytes));

/** A word that an answer repeats, so that an older one, or a clone's, cannot pass for it. */
export const nonce = (deps: Deps): string => hex(deps.random(8));

/**
 * Make sure the server at this address is ours, and set the clock offset by it. On a phone that knows no server yet
 * this one becomes ours.
 *
 * Returns the server's id. Throws NoAnswer when it is another, or a portal.
 */
export async function ping(deps: Deps): Promise<string> {
  const n = nonce(deps);
  const sent = deps.now();
  const reply = json(await ask(deps, `/api/v1/ping?n=${n}`)) as { proto?: unknown; server?: unknown; n?: unknown; now?: unknown } | null;
  const got = deps.now();
  const known = await value('server');
  if (reply?.proto !== PROTO || reply.n !== n || typeof reply.server !== 'string' || typeof reply.now !== 'string') throw new NoAnswer('Not our server');
  if (known !== undefined && reply.server !== known) throw new NoAnswer('Not our server');
  if (known === undefined) await setValue('server', reply.server);
  await learnOffset(reply.now, sent, got);
  return reply.server;
}
