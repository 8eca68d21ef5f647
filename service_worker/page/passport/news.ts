/** Asking the server about the passport, and for what needs its word: links, and files it makes. */

import type { Passport } from '../../core/api.ts';
import type { Person } from '../../store/phone.ts';
import type { Tools } from '../place-tools.ts';

export const NO_SIGNAL = 'No signal. This needs signal: try again later. What you chose stays here.';
const SIGN_IN = 'Your sign-in on this phone has ended. Open Waiting to send and sign in there first.';

/** What became of it: the reply, or why there is none, in words. */
export type Asked = { reply: { [name: string]: unknown }; body: Uint8Array; type: string } | { words: string };

const fits = (found: Partial<Passport>): boolean => Array.isArray(found.items) && Array.isArray(found.links);

/** Fetch what is new of one place. It stays as it was where there is no signal. A place that ended still has it. */
export async function news({ deps, isOurs, json, read, setState, state, value }: Tools, { id, read: token }: Person): Promise<void> {
  if (!token) return;
  try {
    const known = (await state(id, 'passport')) && (await state(id, 'etag:passport'));
    const answer = await read(deps, 'passport', token, known);
    const found = json(answer) as Passport | null;
    if (answer.status === 200 && isOurs(found, (await value('server')) ?? '') && fits(found)) await setState(id, { passport: found, 'etag:passport': answer.headers.get('etag') ?? undefined });
  } catch (error) {
    if ((error as Error).name !== 'NoAnswer') throw error;
  }
}

/** Ask for `path`, with `content` where something is to be made. */
export async function asked({ deps, isOurs, json, post, read, value }: Tools, { read: token }: Person, path: string, content?: object): Promise<Asked> {
  if (!token) return { words: SIGN_IN };
  try {
    const answer = await (content ? post(deps, path, token, content) : read(deps, path, token));
    const type = answer.headers.get('content-type') ?? '';
    const reply = json(answer) as { [name: string]: unknown } | null;
    if (answer.status < 300 && (/pdf|\/vc/.test(type) || isOurs(reply, (await value('server')) ?? ''))) return { reply: reply ?? {}, body: answer.body, type };
    // A portal's page is no answer of ours.
    if (!isOurs(reply, (await value('server')) ?? '')) return { words: NO_SIGNAL };
    return { words: answer.status === 401 ? SIGN_IN : ((reply as unknown as { error?: { message?: string } }).error?.message ?? NO_SIGNAL) };
  } catch (error) {
    if ((error as Error).name === 'NoAnswer') return { words: NO_SIGNAL };
    throw error;
  }
}

/** Ask for a change of links, and keep what the server says they are now. Returns why not, or null. */
export async function changeLinks(tools: Tools, who: Person, path: string, content: object): Promise<string | null> {
  const found = await asked(tools, who, path, content);
  if ('words' in found) return found.words;
  const now = await tools.state(who.id, 'passport');
  if (now && Array.isArray(found.reply['links'])) await tools.setState(who.id, { passport: { ...now, links: found.reply['links'] as Passport['links'] }, 'etag:passport': undefined });
  return null;
}
