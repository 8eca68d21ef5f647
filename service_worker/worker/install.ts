/** Install: every file of the shell, each proved by its hash, all or nothing. */

import { ask, sha256Hex, type Answer } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';

export interface ShellFile {
  url: string;
  /** How the SHA-256 of the bytes begins, 16 hex digits: the list itself came the same way, so this is against damage and portals. */
  sha: string;
  /** "extra": wanted only where the phone keeps it already, as what only some people need; the cache has the file's name. */
  as?: string;
}

export interface ShellList {
  build: string;
  /** Address of the script that page and worker share. */
  app: string;
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
  // Made by page/keep-file.ts and page/plan/kept.ts.
  const here = await deps.caches.keys();
  // Not with a first visit, but with each build after it: while that waits, an open page of the build before may let a second person in, and without this build's door their phone stays shut where there is no signal.
  if (here.some((name) => name.startsWith('shell-'))) here.push('again');
  const wanted = files.filter(({ as, url }) => as !== 'extra' || here.some((name) => url.includes(`/${name}-`)));
  const found = (await Promise.all(wanted.map((file) => (file.as === 'documents' ? documents(deps, file) : builtFile(deps, file))))).flat();
  const cache = await deps.caches.open(cacheOf(build));
  try {
    for (const [url, response] of found) await cache.put(url, response);
  } catch (error) {
    await deps.caches.delete(cacheOf(build));
    throw error;
  }
}

/** Bring the shell back where the browser cleared the caches and left the worker; quietly, as it may not be possible now. */
export async function mendShell(deps: Deps, list: ShellList): Promise<void> {
  try {
    const here = await (await deps.caches.open(cacheOf(list.build))).match(documentAt('offline'));
    if (!here) await installShell(deps, list);
  } catch {
    // Tried again with the next page.
  }
}

/** An address in the cache, and what lies there. */
type Entry = readonly [url: string, response: Response];

/** Where the shell document of this name lies in the cache. */
export const documentAt = (name: string): string => `/shell/${name}.html`;

/** All shell documents come in one file, and with every build anew: their headers may differ. */
async function documents(deps: Deps, file: ShellFile): Promise<Entry[]> {
  const answer = await proved(deps, file, await ask(deps, file.url));
  const headers = kept(answer);
  // Pages composed on the phone carry this header on: without it a slip of the sanitiser could run.
  if (!headers.has('content-security-policy')) throw new WrongFile(`${file.url} has no policy`);
  headers.set('content-type', 'text/html; charset=utf-8');
  const texts = JSON.parse(new TextDecoder().decode(answer.body)) as { [name: string]: string };
  return Object.entries(texts).map(([name, text]) => [documentAt(name), new Response(text, { headers })]);
}

/** A built file: from an earlier build if it is the same, else the copy of the page that started this install, else anew. */
async function builtFile(deps: Deps, file: ShellFile): Promise<Entry[]> {
  const stored = await deps.caches.match(file.url);
  if (stored && (await isIt(deps, file, new Uint8Array(await stored.clone().arrayBuffer())))) return [[file.url, stored]];
  const own = await ask(deps, file.url, { cache: 'default' });
  const good = own.status === 200 && (await isIt(deps, file, own.body));
  const answer = good ? own : await proved(deps, file, await ask(deps, file.url));
  return [[file.url, new Response(answer.body as Uint8Array<ArrayBuffer>, { headers: kept(answer) })]];
}

const isIt = async (deps: Deps, file: ShellFile, bytes: Uint8Array): Promise<boolean> => (await sha256Hex(deps, bytes)).startsWith(file.sha);

async function proved(deps: Deps, file: ShellFile, answer: Answer): Promise<Answer> {
  if (answer.status !== 200 || !(await isIt(deps, file, answer.body))) throw new WrongFile(file.url);
  return answer;
}

function kept(answer: Answer): Headers {
  const headers = new Headers();
  for (const name of KEPT) {
    const value = answer.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}
