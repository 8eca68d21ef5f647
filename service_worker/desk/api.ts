/** What the desk asks the server, and the one place it calls fetch. Replies come back as values; nothing is thrown. */

import type { Reply } from './saver.ts';
import type { Checked } from './words.ts';

export interface Addresses {
  check: string;
  save: string;
  media: string;
  token: string;
}

type Answer = { ok: boolean; status: number; body: unknown } | null;

/** A reply that is JSON; a page instead of one means that somebody has to sign in again. Null when there was none. */
async function ask(address: string, init: RequestInit, token: string): Promise<Answer | 'signed-out'> {
  try {
    // Followed, a sign-in page would look like success.
    const reply = await fetch(address, { method: 'POST', redirect: 'manual', ...init, headers: { ...init.headers, Accept: 'application/json', 'X-CSRFToken': token } });
    if (reply.type === 'opaqueredirect' || reply.status === 401) return 'signed-out';
    if (!reply.headers.get('Content-Type')?.startsWith('application/json')) return reply.status === 400 || reply.status === 403 ? 'signed-out' : { ok: false, status: reply.status, body: null };
    return { ok: reply.ok, status: reply.status, body: await reply.json() };
  } catch {
    return null;
  }
}

const asJson = (body: unknown): RequestInit => ({ headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

const messageOf = (body: unknown): string => (body as { message?: string } | null)?.message ?? 'That did not work. Try again.';

/** Save a text that was begun on revision `basedOn`. */
export async function save({ save: address, token }: Addresses, text: string, basedOn: number): Promise<Reply> {
  const answer = await ask(address, asJson({ text, based_on: basedOn }), token);
  if (answer === null) return { kind: 'no-signal' };
  if (answer === 'signed-out') return { kind: 'signed-out' };
  if (answer.ok) return { kind: 'saved', revision: (answer.body as { revision: number }).revision };
  if (answer.status === 409 && (answer.body as { text?: string } | null)?.text !== undefined) return { kind: 'moved', ...(answer.body as { revision: number; by: string; at: string; text: string }) };
  return answer.body ? { kind: 'refused', message: messageOf(answer.body) } : { kind: 'trouble' };
}

/** Check a text; null when there is no answer, or it was called off. */
export async function check({ check: address, token }: Addresses, text: string, signal: AbortSignal): Promise<Checked | null> {
  const answer = await ask(address, { ...asJson({ text }), signal }, token);
  return answer && answer !== 'signed-out' && answer.ok ? (answer.body as Checked) : null;
}

/** `bytes` is the size it is kept at. */
export type Added = { kind: 'added'; name: string; bytes: number; markdown: string; says: string } | { kind: 'refused'; message: string };

/** Send a picture or sound with its words. */
export async function addMedia({ media, token }: Addresses, form: FormData): Promise<Added> {
  const answer = await ask(media, { body: form }, token);
  if (answer === null) return { kind: 'refused', message: 'No signal. Nothing is lost. Try again when there is signal.' };
  if (answer === 'signed-out') return { kind: 'refused', message: 'You are signed out. Sign in again in another tab, then load this page again.' };
  if (answer.status === 413 && !answer.body) return { kind: 'refused', message: 'This file is too large. Pictures and sounds of up to 7 MB can be sent.' };
  return answer.ok ? { kind: 'added', ...(answer.body as Omit<Extract<Added, { kind: 'added' }>, 'kind'>) } : { kind: 'refused', message: messageOf(answer.body) };
}
