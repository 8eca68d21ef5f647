/** A learner's pages, composed from the shell and a verified edition: first what is on the phone, then the network. */

import { endPage, partPage, shellFor, startPage } from '../core/compose.ts';
import type { Edition } from '../core/edition.ts';
import { editions, editionsOf, inUse } from '../store/editions.ts';
import type { Deps } from '../sync/deps.ts';
import { editionBody, everyEdition } from '../sync/editions.ts';
import { cacheOf, documentAt } from './install.ts';
import { fromNetwork, inTime } from './network.ts';

/** ms the database has to say which edition it is, before the editions themselves are looked through. */
const ROW_LIMIT = 1000;

const WHOLE = ['today', 'learn', 'waiting', 'record', 'me', 'pocket', 'look-back', 'who', 'offline', 'assess', 'confirm', 'plan', 'passport'];

/** Where a page stands: a whole one by its name, or a module's start, part or end. */
export type Place = { name: string } | { module: string; edition: number | null; part: number | 'end' | null };

type Asked = Exclude<Place, { name: string }>;

/** The learner page at this path, or null: everything else is no business of the worker's. */
export function placeOf(path: string): Place | null {
  const name = path.slice(1);
  if (WHOLE.includes(name)) return { name };
  const found = /^\/learn\/([a-z0-9-]+)(?:\/([1-9]\d*)\/([1-9]\d*|end))?$/.exec(path);
  if (!found) return null;
  const [, module = '', edition, part] = found;
  return { module, edition: edition ? Number(edition) : null, part: part === undefined ? null : part === 'end' ? 'end' : Number(part) };
}

/** The page. Always resolves: with it, with what the server says, or with what to do without signal. */
export async function page(request: Request, place: Place, deps: Deps, build: string): Promise<Response> {
  // Where the phone's storage fails or says nothing, the server may still have the page.
  const made = await inTime(deps, () => ('name' in place ? shellDocument(deps, build, place.name) : composed(place, deps, build)), null);
  if (made) return made;
  const asked = await inTime(deps, (signal) => fromNetwork(deps, request.url, null, signal), null);
  if (asked && asked.status < 500) return asked;
  return (await inTime(deps, () => shellDocument(deps, build, 'offline'), null)) ?? lastResort();
}

async function composed(place: Asked, deps: Deps, build: string): Promise<Response | null> {
  const row = await inTime(deps, () => byRow(place, deps), undefined, ROW_LIMIT);
  const found = row === undefined ? await byText(place, deps) : row;
  if (!found) return null;
  const { sha, edition } = found;
  if (place.part === null) return shellDocument(deps, build, 'module', (text) => startPage(text, edition, sha));
  if (place.part === 'end') return shellDocument(deps, build, 'end', (text) => endPage(text, edition, sha));
  const part = place.part;
  const shell = shellFor(edition, part);
  return shell && shellDocument(deps, build, shell, (text) => partPage(text, edition, sha, part) ?? '');
}

interface Found {
  sha: string;
  edition: Edition;
}

/** Undefined when no edition has a row. */
async function byRow(place: Asked, deps: Deps): Promise<Found | null | undefined> {
  const rows = await editionsOf(place.module);
  // Browsers may clear the database and leave the texts.
  if (!rows.length && !(await editions()).length) return undefined;
  const row = place.edition === null ? inUse(rows) : rows.find((one) => one.edition === place.edition);
  const edition = row && (await editionBody(deps, row.sha));
  return edition ? { sha: row.sha, edition } : null;
}

/** Reading needs no database: without one the highest edition among the texts is taken. */
async function byText(place: Asked, deps: Deps): Promise<Found | null> {
  let best: Found | null = null;
  for await (const one of everyEdition(deps)) {
    if (one.edition.key !== place.module || (place.edition ?? one.edition.edition) !== one.edition.edition) continue;
    if (!best || one.edition.edition > best.edition.edition) best = one;
  }
  return best;
}

/** A shell document, filled. Its own headers go with it, the policy above all. */
async function shellDocument(deps: Deps, build: string, name: string, fill: (text: string) => string = (text) => text): Promise<Response | null> {
  const stored = await (await deps.caches.open(cacheOf(build))).match(documentAt(name));
  return stored ? new Response(fill(await stored.text()), { headers: stored.headers }) : null;
}

/** The browser emptied its caches and there is no signal. Plain, but honest: records lie elsewhere. */
function lastResort(): Response {
  const words =
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>No signal</title>' +
    '<h1>No signal</h1><p>This phone has cleared the pages of Between Visits. What you did is kept apart from them.</p><p>Open this page again when there is signal.</p></html>';
  return new Response(words, { status: 503, headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'" } });
}
