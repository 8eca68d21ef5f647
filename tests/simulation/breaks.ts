/**
 * Guarantees broken on purpose, one at a time, to see that the checks find it. Each stands between the product and the
 * line or its storage; the product itself is never changed.
 */

import { openDB } from 'idb';
import type { Envelope } from '../../service_worker/core/records.ts';
import type { Phone, Surroundings } from './phone.ts';

export const BREAKS = ['digest', 'status-receipt', 'delete-before-receipt', 'seq-reuse', 'cookie-sending'] as const;
export type Break = (typeof BREAKS)[number];

interface Sent {
  proto: number;
  server: string;
  batch: string;
  person: string;
  now: string;
  records: Envelope[];
}

const isSending = (asked: { path: string; method: string }): boolean => asked.method === 'POST' && asked.path === '/api/v1/records';

async function take(person: string, ids: readonly string[]): Promise<unknown[]> {
  const database = await openDB(`person-${person}`);
  try {
    const transaction = database.transaction('records', 'readwrite');
    const taken: unknown[] = [];
    for (const id of ids) {
      const row: unknown = await transaction.store.get(id);
      if (row) taken.push(row);
      await transaction.store.delete(id);
    }
    await transaction.done;
    return taken;
  } finally {
    database.close();
  }
}

async function putBack(person: string, rows: readonly unknown[]): Promise<void> {
  const database = await openDB(`person-${person}`);
  try {
    const transaction = database.transaction('records', 'readwrite');
    for (const row of rows) await transaction.store.put(row);
    await transaction.done;
  } finally {
    database.close();
  }
}

const tampering: { [name in Break]?: NonNullable<Surroundings['tamper']> } = {
  /** The server's word that the digests differ is not heard. */
  digest: async (_phone, asked, send) => {
    const outcome = await send(asked);
    if (typeof outcome === 'string' || !isSending(asked) || !outcome.reply.body.startsWith('{')) return outcome;
    try {
      const { have: _, ...rest } = JSON.parse(outcome.reply.body) as { have?: unknown };
      return { ...outcome, reply: { ...outcome.reply, body: JSON.stringify(rest) } };
    } catch {
      return outcome;
    }
  },
  /** Any 200 counts as a receipt for all that was sent. */
  'status-receipt': async (_phone, asked, send) => {
    const outcome = await send(asked);
    if (typeof outcome === 'string' || !isSending(asked) || outcome.reply.status !== 200) return outcome;
    const sent = JSON.parse(asked.body) as Sent;
    let said = {};
    try {
      said = JSON.parse(outcome.reply.body) as object;
    } catch {
      // A portal's page, which is exactly what a status code cannot tell.
    }
    const body = { ...said, proto: sent.proto, server: sent.server, batch: sent.batch, now: sent.now, receipts: sent.records.map(({ id }) => ({ id, r: 'stored' })) };
    return { ...outcome, reply: { ...outcome.reply, body: JSON.stringify(body) } };
  },
  /** As Workbox's queue does: out of the store before sending, back only when there was no answer at all. */
  'delete-before-receipt': async (_phone, asked, send) => {
    if (!isSending(asked)) return send(asked);
    const sent = JSON.parse(asked.body) as Sent;
    const taken = await take(sent.person, sent.records.map(({ id }) => id));
    const outcome = await send(asked);
    if (typeof outcome === 'string') await putBack(sent.person, taken);
    return outcome;
  },
  /** Sending goes by who is signed in in the browser, not by whose the records are. */
  'cookie-sending': async (phone: Phone, asked, send) => {
    if (!isSending(asked)) return send(asked);
    const token = phone.people().find(({ id }) => id === phone.cookie)?.append ?? 'nobody';
    return send({ ...asked, headers: { ...asked.headers, authorization: `Bearer ${token}` } });
  },
};

export const tamperFor = (name: Break | null): Surroundings['tamper'] | undefined => (name ? tampering[name] : undefined);

/** `seq-reuse`: the number of the last record is not kept over a restart of the app. */
export async function forgetSeq(person: string): Promise<void> {
  const database = await openDB(`person-${person}`);
  try {
    if (database.objectStoreNames.contains('state')) await database.delete('state', 'seq');
  } finally {
    database.close();
  }
}
