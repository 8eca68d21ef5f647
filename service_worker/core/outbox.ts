/** The rules of the outbox: what goes into a batch, what a reply may change, what a person is told. */

import { PROTO, type BatchReply, type Receipt } from './api.ts';
import { LONGEST, jitter } from './backoff.ts';
import { envelope, type Kept } from './records.ts';

export const MOST_RECORDS = 50;
export const MOST_BYTES = 64 * 1024;
const NOT_SENT_AFTER = 7 * 86_400_000;

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

export const byAge = (one: Kept, other: Kept): number => one.seq - other.seq || (one.id < other.id ? -1 : 1);

/** May this record be tried now? A wait longer than any we give comes from a clock set back, and is over. */
export function isDue(record: Kept, now: number): boolean {
  return record.st === 'kept' && (record.next <= now || record.next > now + LONGEST);
}

/**
 * The records of the next batch, oldest first: at most `most`, and 64 KB of text. One that is larger than that alone
 * goes alone, so that the server can say so.
 */
export function nextBatch(waiting: readonly Kept[], most = MOST_RECORDS): Kept[] {
  const batch: Kept[] = [];
  let bytes = 0;
  for (const record of [...waiting].sort(byAge)) {
    const size = utf8Length(JSON.stringify(envelope(record))) + 1;
    if (batch.length && (batch.length >= most || bytes + size > MOST_BYTES)) break;
    batch.push(record);
    bytes += size;
  }
  return batch;
}

/** Two halves, the first the larger. */
export function halves<T>(list: readonly T[]): [T[], T[]] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
}

const isObject = (value: unknown): value is { [key: string]: unknown } => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Does this JSON come from our server? A café portal can answer anything, 200 included. */
export function isOurs(json: unknown, server: string): json is { proto: number; server: string } {
  return isObject(json) && json.proto === PROTO && json.server === server;
}

/** A newer server may have more: a record of which it says another word waits, and holds up no other. */
export const WORDS = ['stored', 'duplicate', 'held', 'refused'];
const isReceipt = (value: unknown): value is Receipt =>
  isObject(value) && typeof value.id === 'string' && (value.code == null || typeof value.code === 'string');

/** Is this the reply to that very batch? Anything else means: not delivered. */
export function isReply(json: unknown, server: string, batch: string): json is BatchReply {
  return (
    isOurs(json, server) &&
    'batch' in json && json.batch === batch &&
    'now' in json && typeof json.now === 'string' &&
    'receipts' in json && Array.isArray(json.receipts) && json.receipts.every(isReceipt) &&
    (!('have' in json) || json.have == null || (Array.isArray(json.have) && json.have.every((id) => typeof id === 'string')))
  );
}

/** The record after its receipt. `at` is the server's time in the reply. */
export function receipted(record: Kept, receipt: Receipt, at: string): Kept {
  const moved: Kept = {
    ...record,
    st: receipt.r === 'refused' ? 'refused' : 'receipted',
    next: 0,
    since: null,
    r: receipt.r,
    code: receipt.code ?? null,
    received: at,
  };
  if (receipt.result !== undefined) moved.result = receipt.result;
  return moved;
}

/** The record after a try that brought no receipt. `chance` is in [0, 1). */
export function failed(record: Kept, now: number, chance: number, code: string): Kept {
  return { ...record, tries: record.tries + 1, next: now + jitter(record.tries, chance), since: record.since ?? now, code };
}

/** The record back in the queue, as new: by a person's tap, or because the server has lost it. */
export function requeued(record: Kept): Kept {
  return { ...record, st: 'kept', tries: 0, next: 0, since: null, r: null, code: null, received: null };
}

export interface Difference {
  /** Receipted here, yet the server does not have them. */
  requeue: string[];
  /** The server has them for this phone, and we do not. */
  ghosts: string[];
  /** Ghosts the server no longer has. */
  gone: string[];
}

/**
 * Compare all ids the server has for one phone id with what is here. `fresh` were receipted by the same reply, so a
 * list made before they were stored must not send them round again.
 */
export function difference(have: readonly string[], records: readonly Pick<Kept, 'id' | 'st'>[], ghosts: readonly string[], fresh: ReadonlySet<string>): Difference {
  const theirs = new Set(have);
  const ours = new Set(records.map((record) => record.id));
  const known = new Set(ghosts);
  return {
    requeue: records.filter((record) => record.st === 'receipted' && !theirs.has(record.id) && !fresh.has(record.id)).map((record) => record.id),
    ghosts: [...theirs].filter((id) => !ours.has(id) && !known.has(id)),
    gone: ghosts.filter((id) => !theirs.has(id)),
  };
}

export type Shown = 'waiting' | 'sent' | 'held' | 'not-sent';

/** What a person is told of a record. Refused, or failing for 7 days, is "not sent"; it is still sent when it can be. */
export function shownAs(record: Kept, now: number): Shown {
  if (record.st === 'receipted') return record.r === 'held' ? 'held' : 'sent';
  return record.st === 'refused' || (record.since !== null && now - record.since >= NOT_SENT_AFTER) ? 'not-sent' : 'waiting';
}
