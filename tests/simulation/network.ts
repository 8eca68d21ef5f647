/** The line between a phone and the server, and all that can befall a request on it. */

import { Luck } from './luck.ts';
import type { Message, Reply, Server } from './server.ts';
import { Violation } from './violation.ts';

export const FAULTS = [
  'request lost', 'reply lost', 'sent twice', 'copy comes later', 'request comes later', 'old reply', 'reply cut', 'breaks off', 'portal page', 'redirect',
  'other server', 'other batch', 'receipts missing', 'no receipts', '401', '403', '409', '413', '429', '500', '503', 'portal 401', 'killed before commit', 'killed after commit', 'black hole', 'slow',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Places where the line is bad most of the time, and mostly in one way: a café, a broken proxy. Two seeds in five are at one. */
const HAUNTS: readonly (readonly Fault[])[] = [[], [], [], ['portal page', 'no receipts'], ['reply lost', 'sent twice', 'copy comes later', 'no receipts']];

export interface Asked {
  method: string;
  path: string;
  headers: { [name: string]: string };
  body: string;
}

/** What the phone gets: an answer in how many pieces, of which the line brings `brought`; or silence for ever. */
export type Outcome = { reply: Reply; pieces: number; brought?: number } | 'failed' | 'silence';

const html = (status: number, headers: { [name: string]: string } = {}): Reply => ({ status, headers: { 'content-type': 'text/html', ...headers }, body: '<!doctype html><title>Free Wi-Fi</title><p>Agree' });

export class Network {
  /** How likely a request meets a fault. */
  roughness = 0;
  /** Requests that will still arrive, though nobody waits for them. */
  private late: Asked[] = [];
  /** Records are on their way for long: they arrive when all arrive. */
  holding = false;
  private readonly lastReply = new Map<string, Reply>();
  /** What happened, for the history. */
  readonly met: string[] = [];
  /** Called for each request that arrived though nobody waits for it. */
  whenLate: (asked: Asked) => void = () => undefined;
  private readonly haunt: readonly Fault[];
  requests = 0;
  faults = 0;

  constructor(
    private readonly server: Server,
    private readonly serverId: string,
    private readonly clock: { now: number },
    seed: number,
  ) {
    this.haunt = new Luck(seed).of(HAUNTS);
  }

  /** Bring late requests to the server; their replies reach nobody. */
  deliverLate(): number {
    const late = this.late;
    this.late = [];
    for (const asked of late) {
      this.bring(asked);
      this.whenLate(asked);
    }
    return late.length;
  }

  /**
   * Bring all late requests at the same moment, each of them twice, beside what the operator does meanwhile. Returns the
   * ids that were receipted, though nobody heard it.
   */
  deliverAtOnce(luck: Luck, meanwhile: readonly Message[]): string[] {
    const late = this.late;
    this.late = [];
    this.clock.now += 200;
    const now = this.clock.now;
    const requests = late.map((asked): Message => ({ do: 'request', now, ...asked, ...(luck.chance(0.2) ? { die_at: luck.below(3) } : {}) }));
    const again = late.map((asked): Message => ({ do: 'request', now, ...asked }));
    // Side by side: a request and its copy, then the next two.
    const all = requests.flatMap((request, place) => [request, again[place]!]);
    for (const said of meanwhile) all.splice(luck.below(all.length + 1), 0, { ...said, now });
    const replies = this.server.askAtOnce<Partial<Reply>>(all);
    for (const asked of late) this.whenLate(asked);
    return replies.flatMap((reply) => {
      if (reply.status === undefined) return [];
      this.serverSound(reply as Reply);
      // A copy of a request for a picture may come late as well.
      const { receipts } = JSON.parse(reply.body?.startsWith('{') ? reply.body : '{}') as { receipts?: { id: string; r: string }[] };
      return (receipts ?? []).filter(({ r }) => r !== 'refused').map(({ id }) => id);
    });
  }

  /** Trouble of the server's own making: every fault of the line is put on later. */
  private serverSound(reply: Reply): void {
    if (reply.status >= 500) throw new Violation(`the server itself failed: ${reply.status} ${reply.body.slice(0, 300)}`);
  }

  private bring(asked: Asked, dying: { die_at?: number } = {}): Reply | null {
    this.clock.now += 200;
    const reply = this.server.ask<Reply & { killed?: boolean }>({ do: 'request', now: this.clock.now, ...asked, ...dying });
    if (reply.killed) return null;
    this.serverSound(reply);
    return reply;
  }

  private refusal(status: number): Reply {
    const ours = { proto: 1, server: this.serverId, error: { code: 'fault', message: 'For the simulation.' } };
    const headers: { [name: string]: string } = { 'content-type': 'application/json' };
    if (status === 429 || status === 503) headers['retry-after'] = '90';
    return { status, headers, body: JSON.stringify(ours) };
  }

  send(asked: Asked, luck: Luck): Outcome {
    if (this.holding && asked.method === 'POST' && asked.path.endsWith('/records')) {
      this.late.push(asked);
      return 'silence';
    }
    const haunted = this.haunt.length > 0 && this.roughness > 0;
    const fault = luck.chance(haunted ? 0.7 : this.roughness) ? luck.of(haunted && luck.chance(0.6) ? this.haunt : FAULTS) : null;
    this.requests += 1;
    if (fault) this.faults += 1;
    if (fault) this.met.push(`${asked.path.replace('/api/v1/', '').slice(0, 12)}: ${fault}`);
    // Older servers do not say whose tokens they give, so a cache that mixes people up would be nobody's fault here.
    const key = `${asked.path} ${asked.headers.authorization ?? ''} ${/"person":"[^"]*"/.exec(asked.body)?.[0] ?? ''}`;
    const normal = (): Outcome => {
      const reply = this.bring(asked);
      if (!reply) return 'failed';
      this.lastReply.set(key, reply);
      return { reply, pieces: 1 };
    };
    const changed = (change: (json: { [key: string]: unknown }) => void): Outcome => {
      const outcome = normal();
      if (typeof outcome === 'string' || !outcome.reply.body.startsWith('{')) return outcome;
      const json = JSON.parse(outcome.reply.body) as { [key: string]: unknown };
      change(json);
      return { reply: { ...outcome.reply, body: JSON.stringify(json) }, pieces: 1 };
    };
    switch (fault) {
      case null:
        return normal();
      case 'request lost':
      case 'redirect':
        this.clock.now += 1000;
        return 'failed';
      case 'reply lost':
        normal();
        return 'failed';
      case 'sent twice':
        this.bring(asked);
        return normal();
      case 'copy comes later':
        this.late.push(asked);
        return normal();
      case 'request comes later':
        this.late.push(asked);
        return 'silence';
      case 'old reply': {
        const old = this.lastReply.get(key);
        return old ? { reply: old, pieces: 1 } : normal();
      }
      case 'reply cut': {
        const outcome = normal();
        if (typeof outcome === 'string') return outcome;
        return { reply: { ...outcome.reply, body: outcome.reply.body.slice(0, luck.below(outcome.reply.body.length)) }, pieces: 1 };
      }
      case 'breaks off': {
        const outcome = normal();
        return typeof outcome === 'string' ? outcome : { ...outcome, pieces: 5, brought: 3 };
      }
      case 'portal page':
        return { reply: html(200), pieces: 1 };
      case 'portal 401':
        return { reply: html(401), pieces: 1 };
      case 'other server':
        return changed((json) => (json.server = '00000000-0000-7000-8000-000000000000'));
      case 'other batch':
        return changed((json) => (json.batch = '00000000-0000-7000-8000-000000000000'));
      case 'receipts missing':
        return changed((json) => {
          if (Array.isArray(json.receipts)) json.receipts = json.receipts.filter(() => luck.chance(0.5));
        });
      case 'no receipts': {
        // Something on the way answers well, in the server's name, and has stored nothing.
        const batch = asked.method === 'POST' ? (JSON.parse(asked.body) as { batch?: string }).batch : undefined;
        const body = { proto: 1, server: this.serverId, now: new Date(this.clock.now).toISOString(), ...(batch ? { batch, receipts: [] } : {}) };
        return { reply: { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }, pieces: 1 };
      }
      case '401':
      case '403':
      case '409':
      case '413':
      case '429':
      case '500':
      case '503':
        return { reply: luck.chance(0.3) ? html(Number(fault)) : this.refusal(Number(fault)), pieces: 1 };
      case 'killed before commit':
        this.bring(asked, { die_at: luck.below(3) });
        return 'failed';
      case 'killed after commit':
        this.bring(asked);
        return 'failed';
      case 'black hole':
        return 'silence';
      case 'slow': {
        const outcome = normal();
        return typeof outcome === 'string' ? outcome : { ...outcome, pieces: 4 };
      }
    }
  }
}
