/** Cache Storage and the rows about it, kept in step: what is here, what may go, and in which order it goes. */

import type { Catalogue } from '../core/api.ts';
import type { Edition } from '../core/edition.ts';
import { isDone } from '../core/status.ts';
import { changeEditions, editions } from '../store/editions.ts';
import { drafts, state } from '../store/person.ts';
import { people, setValue, value, type EditionRow } from '../store/phone.ts';
import { sha256Hex } from './api.ts';
import type { Deps } from './deps.ts';

/** Room that is left free for records (bytes). */
export const RESERVE = 5 * 1024 * 1024;

const extensions: { [type: string]: string } = {
  'image/svg+xml': 'svg',
  'image/webp': 'webp',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'audio/mpeg': 'mp3',
};

/** The file name of a picture or sound under /m/. */
export const fileOf = (media: { sha: string; type: string }): string => `${media.sha}.${extensions[media.type] ?? 'bin'}`;

export const textAddress = (sha: string): string => `/e/${sha}`;
export const mediaAddress = (file: string): string => `/m/${file}`;

/** The body of an edition that is on this phone, or null. One that was damaged since it came is let go, to come again. */
export async function editionBody(deps: Deps, sha: string): Promise<Edition | null> {
  const cache = await deps.caches.open('editions');
  const bytes = await (await cache.match(textAddress(sha)))?.arrayBuffer();
  if (!bytes) return null;
  if ((await sha256Hex(deps, new Uint8Array(bytes))) === sha) return JSON.parse(new TextDecoder().decode(bytes)) as Edition;
  await cache.delete(textAddress(sha));
  return null;
}

/** Every edition whose text is on this phone, one at a time, without asking the database. */
export async function* everyEdition(deps: Deps): AsyncGenerator<{ sha: string; edition: Edition }> {
  for (const address of await present(deps, 'editions')) {
    const sha = address.slice(textAddress('').length);
    const edition = await editionBody(deps, sha);
    if (edition) yield { sha, edition };
  }
}

/** Addresses present in one of the two caches. */
export async function present(deps: Deps, cache: 'editions' | 'media'): Promise<Set<string>> {
  return new Set((await (await deps.caches.open(cache)).keys()).map((request) => new URL(request.url).pathname));
}

/** SHAs of editions that attempts now under way were begun with, of everybody on this phone. */
export async function editionsUnderWay(): Promise<Set<string>> {
  const all = await Promise.all((await people()).map((person) => drafts(person.id)));
  return new Set(all.flat().map((draft) => draft.sha));
}

const catalogues = async (): Promise<Catalogue[]> =>
  (await Promise.all((await people()).map((person) => state(person.id, 'catalogue')))).filter((one) => one !== undefined);

/** Keys of modules that somebody on this phone was assigned. */
export const assignedModules = async (): Promise<Set<string>> =>
  new Set((await catalogues()).flatMap((one) => one.modules.filter((module) => module.assigned).map((module) => module.key)));

/** SHAs of editions that anybody's list says are withdrawn, which is for good: whose list still offers one has not heard of it yet. */
export const withdrawnEditions = async (): Promise<Set<string>> => new Set((await catalogues()).flatMap((one) => one.withdrawn.map(({ sha }) => sha)));

/**
 * Bring rows in line with the catalogues and with what is really stored: browsers may empty a cache and leave the
 * database. Pins what somebody was assigned, and takes away what was withdrawn or has a complete newer edition, unless
 * an attempt is under way with it.
 */
export async function settleEditions(deps: Deps): Promise<void> {
  // Looking at each lets the damaged go.
  for await (const _ of everyEdition(deps));
  const [withdrawn, assigned, underWay, texts, files] = await Promise.all([withdrawnEditions(), assignedModules(), editionsUnderWay(), present(deps, 'editions'), present(deps, 'media')]);
  const hasAll = (row: EditionRow): boolean => row.media.every((file) => files.has(mediaAddress(file)));
  const isHere = (row: EditionRow): boolean => texts.has(textAddress(row.sha));
  await changeEditions((row, all) => {
    const gone = withdrawn.has(row.sha);
    const old = all.some((other) => other.module === row.module && other.edition > row.edition && !withdrawn.has(other.sha) && isHere(other) && hasAll(other));
    if (!isHere(row) || ((gone || old) && !underWay.has(row.sha))) return null;
    const pinned = assigned.has(row.module);
    const complete = hasAll(row);
    return pinned === row.pinned && gone === row.withdrawn && complete === row.complete ? row : { ...row, pinned, withdrawn: gone, complete };
  });
  await sweep(deps);
}

/** Delete stored bytes no row speaks of: left over from a crash, or from editions that have left. */
export async function sweep(deps: Deps): Promise<void> {
  const rows = await editions();
  const glossary = await value('glossary');
  const keepTexts = new Set([...rows.map((row) => row.sha), ...(glossary ? [glossary] : [])].map(textAddress));
  const keepFiles = new Set(rows.flatMap((row) => row.media).map(mediaAddress));
  for (const [name, wanted] of [['editions', keepTexts], ['media', keepFiles]] as const) {
    const cache = await deps.caches.open(name);
    for (const address of await present(deps, name)) if (!wanted.has(address)) await cache.delete(address);
  }
  if (glossary && !(await present(deps, 'editions')).has(textAddress(glossary))) await setValue('glossary', '');
}

/** Modules nobody on this phone has still to do. A person whose state is not known may have everything still to do. */
async function finishedModules(): Promise<(module: string) => boolean> {
  const states = await Promise.all(
    (await people()).map(async (person) => ({ snapshot: await state(person.id, 'snapshot'), catalogue: await state(person.id, 'catalogue') })),
  );
  return (module) =>
    states.every(({ snapshot, catalogue }) => {
      const asked = catalogue?.modules.some((one) => one.key === module && one.assigned) ?? true;
      return !asked || isDone(snapshot?.modules[module]?.status);
    });
}

/**
 * Free room until `need` bytes are there: first pictures and sound of finished modules, then whole electives nobody was
 * assigned, longest unused first; never the module `except`, which is just arriving. The shell, assigned texts, attempts under way and records are never touched.
 *
 * Returns whether there is room now; where the browser does not say how much there is, whether anything was freed.
 */
export async function makeRoom(deps: Deps, need = RESERVE, except: string | null = null): Promise<boolean> {
  const underWay = await editionsUnderWay();
  const finished = await finishedModules();
  const rows = (await editions()).filter((row) => !underWay.has(row.sha) && row.module !== except).sort((one, other) => one.lastUsed - other.lastUsed);
  const files = await present(deps, 'media');
  const steps: [EditionRow, EditionRow | null][] = [
    ...rows.filter((row) => finished(row.module) && row.media.some((file) => files.has(mediaAddress(file)))).map((row): [EditionRow, EditionRow] => [row, { ...row, complete: false }]),
    ...rows.filter((row) => !row.pinned).map((row): [EditionRow, null] => [row, null]),
  ];
  for (const [row, becomes] of steps) {
    const before = await deps.room();
    if (before !== null && before >= need) return true;
    await changeEditions((one) => (one.sha === row.sha ? becomes : one));
    await dropBytes(deps, row, becomes === null);
    if (before === null) return true;
  }
  const room = await deps.room();
  return room !== null && room >= need;
}

/** Delete an edition's pictures, except those another edition shows too, and its text when it leaves altogether. */
async function dropBytes(deps: Deps, row: EditionRow, textToo: boolean): Promise<void> {
  const shared = new Set((await editions()).filter((other) => other.sha !== row.sha && other.complete).flatMap((other) => other.media));
  const media = await deps.caches.open('media');
  for (const file of row.media) if (!shared.has(file)) await media.delete(mediaAddress(file));
  if (textToo) await (await deps.caches.open('editions')).delete(textAddress(row.sha));
}
