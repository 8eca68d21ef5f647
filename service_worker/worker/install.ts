/** Install: every file of the shell, each proved by its hash, all or nothing. */

import { ask, sha256Hex } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';

export interface ShellFile {
  url: string;
  /** SHA-256 of the bytes, hex. */
  sha: string;
  as: string;
}

export interface ShellList {
  build: string;
  files: ShellFile[];
}

export const cacheOf = (build: string): string => `shell-${build}`;

/** What a stored answer keeps of its headers. Others describe the journey, such as how it was packed. */
const KEPT = [
  'content-type',
  'content-security-policy',
  'x-content-type-options',
  'referrer-policy',
  'permissions-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
];

/** A file on the way was not the one that was asked for: a portal's page, a build half rolled out, damage. */
export class WrongFile extends Error {
  override readonly name = 'WrongFile';
}

/**
 * Store the whole shell of a build. Nothing is stored unless everything was right, so a phone is never left with half
 * of one build: the one it has goes on, and the browser tries again later.
 *
 * Throws WrongFile or NoAnswer.
 */
export async function installShell(deps: Deps, { build, files }: ShellList): Promise<void> {
  const found = await Promise.all(files.map(async (file) => [file.url, (await fromEarlier(deps, file)) ?? (await fetched(deps, file))] as const));
  const cache = await deps.caches.open(cacheOf(build));
  try {
    for (const [url, response] of found) await cache.put(url, response);
  } catch (error) {
    await deps.caches.delete(cacheOf(build));
    throw error;
  }
}

/** A built file of the same name and bytes that an earlier build brought. Documents come anew: their headers may differ. */
async function fromEarlier(deps: Deps, file: ShellFile): Promise<Response | null> {
  if (file.as === 'document') return null;
  const stored = await deps.caches.match(file.url);
  if (!stored) return null;
  const bytes = new Uint8Array(await stored.clone().arrayBuffer());
  return (await sha256Hex(deps, bytes)) === file.sha ? stored : null;
}

async function fetched(deps: Deps, file: ShellFile): Promise<Response> {
  // The page that started this install has just loaded the built files: the browser's copy is as good, if its hash is.
  const own = file.as === 'document' ? null : await ask(deps, file.url, { cache: 'default' });
  const good = own?.status === 200 && (await sha256Hex(deps, own.body)) === file.sha;
  const answer = good ? own : await ask(deps, file.url);
  if (answer.status !== 200 || (await sha256Hex(deps, answer.body)) !== file.sha) throw new WrongFile(file.url);
  // Pages composed on the phone carry this header on: without it a slip of the sanitiser could run.
  if (file.as === 'document' && !answer.headers.get('content-security-policy')) throw new WrongFile(`${file.url} has no policy`);
  const headers = new Headers();
  for (const name of KEPT) {
    const value = answer.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return new Response(answer.body as Uint8Array<ArrayBuffer>, { headers });
}
