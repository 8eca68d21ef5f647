/**
 * Get lessons onto the phone. Text of assigned modules comes first, the next one to do before all; pictures follow when
 * the line allows it. Every byte is verified before it is stored, so a portal's page never becomes a lesson.
 *
 * Pausing is aborting, resuming is calling again: what is here already is not fetched twice.
 */

import { mediaBytes, type Catalogue, type CatalogueModule } from '../core/api.ts';
import type { Edition } from '../core/edition.ts';
import { editions, putEdition } from '../store/editions.ts';
import { isFull } from '../store/open.ts';
import { drafts, state } from '../store/person.ts';
import { person, setValue, value, type EditionRow } from '../store/phone.ts';
import { alone } from './alone.ts';
import { NoAnswer, ask, bearer, json, sha256Hex } from './api.ts';
import type { Deps } from './deps.ts';
import { RESERVE, assignedModules, editionBody, editionsUnderWay, fileOf, makeRoom, mediaAddress, present, settleEditions, textAddress, withdrawnEditions } from './editions.ts';

/** Pictures beyond this many bytes wait for a tap, on any network. */
export const ASK_ABOVE = 5 * 1024 * 1024;
/** Damaged files in a row after which the line, not the file, is to blame. */
const ENOUGH = 3;
/** Files that one request may ask for, and their bytes on the wire: little at first, so that the next lesson is soon here. */
const MANY = 40;
const FIRST_LOT = 6_000;
const LOT = 64_000;

export interface Progress {
  /** Bytes on the wire, of what this run fetches. */
  done: number;
  total: number;
  /** The module being fetched, when it is one. */
  module: string | null;
}

export interface DownloadOptions {
  /** A tap on this module, assigned or not: only it, with its pictures. */
  module?: string;
  /** A tap answered the question about pictures. Without it the rules of the network decide. */
  media?: boolean;
  /** Pause. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

export interface DownloadReport {
  /** False when another tab is at it. */
  ran: boolean;
  end: 'done' | 'paused' | 'no-answer' | 'no-room' | 'nothing-known';
  /** Modules that are now "On this phone" and were not before. */
  complete: string[];
  /** Bytes of pictures and sound left for a tap or Wi-Fi. */
  asking: number;
  /** Addresses that were not what they should be; they were not stored. */
  damaged: string[];
}

interface Piece {
  cache: 'editions' | 'media';
  address: string;
  sha: string;
  type: string;
  bytes: number;
  module: string | null;
}

class NoRoom extends Error {}

/** May pictures come without asking? Never against Save-Data or mobile data; where nobody knows, the setting decides. */
export function picturesWelcome(connection: ReturnType<Deps['connection']>, wifiOnly: boolean): boolean {
  if (connection?.saveData) return false;
  if (connection?.type === 'wifi' || connection?.type === 'ethernet') return true;
  return connection?.type !== 'cellular' && !wifiOnly;
}

/** Modules in the order they are fetched: under way, then still to do by due date, then done; updates of others, and the provider's own, last. */
export function inOrder(catalogue: Catalogue, begun: ReadonlySet<string>, done: ReadonlySet<string>, here: ReadonlySet<string>): CatalogueModule[] {
  const rank = (module: CatalogueModule): string =>
    [module.assigned ? 0 : 1, begun.has(module.key) ? 0 : 1, done.has(module.key) ? 1 : 0, module.due ?? '9999', module.key].join(' ');
  return catalogue.modules.filter((module) => module.assigned || module.private || here.has(module.key)).sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
}

/** Fetch what is missing for a person. Throws NotSaved when the phone's storage is broken. */
export async function download(deps: Deps, personId: string, options: DownloadOptions = {}): Promise<DownloadReport> {
  const report: DownloadReport = { ran: true, end: 'done', complete: [], asking: 0, damaged: [] };
  const ran = await alone(deps, 'bv-download', async () => {
    const catalogue = await state(personId, 'catalogue');
    if (!catalogue) {
      report.end = 'nothing-known';
      return true;
    }
    try {
      await fetchAll(deps, personId, catalogue, options, report);
      // What came for a go under way may have been withdrawn since.
      await settleEditions(deps);
    } catch (error) {
      if (error instanceof NoAnswer) report.end = options.signal?.aborted ? 'paused' : 'no-answer';
      else if (error instanceof NoRoom) report.end = 'no-room';
      else throw error;
    }
    return true;
  });
  return ran ? report : { ...report, ran: false };
}

async function fetchAll(deps: Deps, personId: string, catalogue: Catalogue, options: DownloadOptions, report: DownloadReport): Promise<void> {
  await settleEditions(deps);
  const begun = await drafts(personId);
  const snapshot = await state(personId, 'snapshot');
  const rows = await editions();
  const done = new Set(Object.entries(snapshot?.modules ?? {}).filter(([, one]) => one.completed_at && one.status === 'in-date').map(([key]) => key));
  const modules =
    options.module === undefined
      ? inOrder(catalogue, new Set(begun.map((draft) => draft.module)), done, new Set(rows.map((row) => row.module)))
      : catalogue.modules.filter((module) => module.key === options.module);
  // What the lessons asked for need came with the news, unless a server of an earlier release told them.
  const needsAll = !(await state(personId, 'words')) || modules.some((module) => !module.assigned && !module.private);
  const texts = await missingTexts(deps, modules, begun, catalogue, options.module === undefined, needsAll);
  // Finished modules get their pictures by a tap only: they are the first thing to leave a full phone.
  const illustrated = modules.filter((module) => options.module !== undefined || options.media || !done.has(module.key));
  const sum = (pieces: readonly Piece[]): number => pieces.reduce((total, piece) => total + piece.bytes, 0);
  const tapped = options.media ?? (options.module !== undefined ? true : undefined);
  const allowed = tapped ?? picturesWelcome(deps.connection(), (await value('settings'))?.wifiOnly ?? false);
  const welcome = (bytes: number): boolean => {
    const come = tapped ?? (allowed && bytes <= ASK_ABOVE);
    report.asking = come ? 0 : bytes;
    return come;
  };
  // A module whose text is still to come has said only how much its pictures are.
  const coming = new Set(texts.map((piece) => piece.sha));
  const later = illustrated.filter((module) => coming.has(module.sha)).reduce((total, module) => total + mediaBytes(module), 0);
  const expected = later + sum(await missingMedia(deps, illustrated));
  const progress: Progress = { done: 0, total: sum(texts) + (welcome(expected) ? expected : 0), module: null };
  const before = new Set(rows.filter((row) => row.complete).map((row) => row.sha));
  const spent = { inARow: 0 };
  const own = new Set(catalogue.modules.filter((module) => module.private).map((module) => module.key));
  const token = own.size ? (await person(personId))?.read : null;
  let room = FIRST_LOT;
  const get = async (pieces: readonly Piece[]): Promise<void> => {
    let lot: Map<string, Uint8Array> | null = null;
    let end = 0;
    for (const [at, piece] of pieces.entries()) {
      progress.module = piece.module;
      options.onProgress?.({ ...progress });
      if (at >= end && room) {
        const asked = fitting(pieces.slice(at, at + MANY), room, own);
        end = at + asked.length;
        lot = asked.length > 1 ? await fetchLot(deps, asked, options.signal) : new Map();
        // A server of an earlier release, or a portal: one by one.
        room = lot ? LOT : 0;
      }
      const secret = token && piece.module && own.has(piece.module) ? token : null;
      const body = lot?.get(piece.sha) ?? (await fetchPiece(deps, piece, secret, options.signal, report, spent));
      if (body) {
        await store(deps, piece, body);
        if (piece.cache === 'editions') await noteText(deps, piece, body);
        else await noteMedia(deps, piece.address.slice('/m/'.length));
      }
      progress.done += piece.bytes;
      options.onProgress?.({ ...progress });
    }
  };
  await get(texts);
  const media = await missingMedia(deps, illustrated);
  if (welcome(sum(media))) {
    progress.total = progress.done + sum(media);
    await get(media);
  }
  report.complete = (await editions()).filter((row) => row.complete && !before.has(row.sha)).map((row) => row.module);
}

/** Texts that are not here: of attempts under way (their very edition), of the modules in order, and the glossary. */
async function missingTexts(deps: Deps, modules: readonly CatalogueModule[], begun: readonly { sha: string; module: string }[], catalogue: Catalogue, all: boolean, needsAll: boolean): Promise<Piece[]> {
  const here = await present(deps, 'editions');
  const rows = new Set((await editions()).map((row) => row.sha));
  const withdrawn = await withdrawnEditions();
  const pieces = new Map<string, Piece>();
  const want = (sha: string, bytes: number, module: string | null): void => {
    if (here.has(textAddress(sha)) && (module === null || rows.has(sha))) return;
    if (!pieces.has(sha)) pieces.set(sha, { cache: 'editions', address: textAddress(sha), sha, type: 'application/json', bytes, module });
  };
  if (all) for (const draft of begun) want(draft.sha, 0, draft.module);
  const [next, ...others] = modules.filter((module) => !withdrawn.has(module.sha));
  if (next) want(next.sha, next.bytes, next.key);
  if (all && catalogue.glossary && needsAll) {
    want(catalogue.glossary.sha, catalogue.glossary.bytes, null);
    if (!pieces.has(catalogue.glossary.sha)) await setValue('glossary', catalogue.glossary.sha);
  }
  for (const module of others) want(module.sha, module.bytes, module.key);
  return [...pieces.values()];
}

/** Pictures, then sounds, that are not here of the modules whose text is: an edition lists its own. */
async function missingMedia(deps: Deps, modules: readonly CatalogueModule[]): Promise<Piece[]> {
  const files = await present(deps, 'media');
  const lacking = new Set((await editions()).filter((row) => row.media.some((file) => !files.has(mediaAddress(file)))).map((row) => row.sha));
  const pieces = new Map<string, Piece & { kind: string }>();
  for (const module of modules.filter(({ sha }) => lacking.has(sha))) {
    for (const one of (await editionBody(deps, module.sha))?.media ?? []) {
      const address = mediaAddress(fileOf(one));
      if (!files.has(address) && !pieces.has(address)) pieces.set(address, { cache: 'media', address, sha: one.sha, type: one.type, bytes: one.bytes, module: module.key, kind: one.kind });
    }
  }
  return ['picture', 'sound'].flatMap((kind) => [...pieces.values()].filter((piece) => piece.kind === kind));
}

/** The first of these pieces, as many as one request may bring in `room` bytes. What is a provider's own comes by itself. */
function fitting(pieces: readonly Piece[], room: number, own: ReadonlySet<string>): readonly Piece[] {
  const end = pieces.findIndex((piece) => (room -= piece.bytes) < 0 || (piece.module !== null && own.has(piece.module)));
  return end < 0 ? pieces : pieces.slice(0, Math.max(end, 1));
}

/** Several pieces by one request: those that are right, by SHA-256; null when nobody answers so. Throws NoAnswer. */
async function fetchLot(deps: Deps, pieces: readonly Piece[], signal: AbortSignal | undefined): Promise<Map<string, Uint8Array> | null> {
  const answer = await ask(deps, `/together/${pieces.map((piece) => piece.sha).join()}`, {}, signal);
  let place = answer.body.indexOf(10) + 1;
  const lengths = answer.status === 200 ? json({ ...answer, body: answer.body.subarray(0, place) }) : null;
  if (!Array.isArray(lengths)) return null;
  const right = new Map<string, Uint8Array>();
  for (const { sha } of pieces) {
    const body = answer.body.slice(place, (place += lengths.shift()));
    if ((await sha256Hex(deps, body)) === sha) right.set(sha, body);
  }
  return right;
}

/** Fetch one piece and verify it. Null when it was damaged; it is tried again with the next download. Throws NoAnswer. */
async function fetchPiece(deps: Deps, piece: Piece, token: string | null, signal: AbortSignal | undefined, report: DownloadReport, spent: { inARow: number }): Promise<Uint8Array | null> {
  const answer = await ask(deps, piece.address, token ? { headers: bearer(token) } : {}, signal);
  if (answer.status === 429 || answer.status >= 500) throw new NoAnswer(`Answered ${answer.status}`);
  if (answer.status === 200 && (await sha256Hex(deps, answer.body)) === piece.sha) {
    spent.inARow = 0;
    return answer.body;
  }
  report.damaged.push(piece.address);
  // A token that has ended is no fault of the line: what is everybody's goes on coming.
  if (token && answer.status === 404) return null;
  spent.inARow += 1;
  if (spent.inARow >= ENOUGH) throw new NoAnswer('Not our files');
  return null;
}

/** Store verified bytes, keeping room for records. The headers are ours: those of the line were not verified. */
async function store(deps: Deps, piece: Piece, body: Uint8Array): Promise<void> {
  const need = RESERVE + body.length;
  const room = await deps.room();
  if (room !== null && room < need && !(await makeRoom(deps, need, piece.module))) throw new NoRoom();
  const put = async (): Promise<void> =>
    (await deps.caches.open(piece.cache)).put(
      piece.address,
      new Response(body as Uint8Array<ArrayBuffer>, {
        headers: {
          'content-type': piece.type,
          'content-length': String(body.length),
          'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
          'x-content-type-options': 'nosniff',
        },
      }),
    );
  try {
    await put();
  } catch (error) {
    if (!isFull(error)) throw error;
    if (!(await makeRoom(deps, need, piece.module))) throw new NoRoom();
    await put().catch((again: unknown) => {
      throw isFull(again) ? new NoRoom() : again;
    });
  }
}

/** Note a text that is now here. A format this build does not know is left alone until the phone is updated. */
async function noteText(deps: Deps, piece: Piece, body: Uint8Array): Promise<void> {
  if (piece.module === null) {
    await setValue('glossary', piece.sha);
    return;
  }
  const found = JSON.parse(new TextDecoder().decode(body)) as Edition;
  if (found.format !== 1) return;
  const row: EditionRow = {
    sha: piece.sha,
    module: found.key,
    edition: found.edition,
    bytes: body.length,
    title: found.title,
    minutes: found.minutes,
    pinned: (await assignedModules()).has(found.key),
    lastUsed: deps.now(),
    media: found.media.map(fileOf),
    complete: false,
    withdrawn: false,
  };
  await putEdition(await completed(deps, row), await editionsUnderWay());
}

async function completed(deps: Deps, row: EditionRow): Promise<EditionRow> {
  const files = await present(deps, 'media');
  return { ...row, complete: row.media.every((file) => files.has(mediaAddress(file))) };
}

/** A picture has come: editions that show it may be complete now, and then take the place of older ones. */
async function noteMedia(deps: Deps, file: string): Promise<void> {
  for (const row of (await editions()).filter((one) => !one.complete && one.media.includes(file))) {
    const now = await completed(deps, row);
    if (now.complete) await putEdition(now, await editionsUnderWay());
  }
}
