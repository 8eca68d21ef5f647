/** The server as the contract describes it, small enough to be seen right: an append-only log by record id. */

import { digest } from '../../../service_worker/core/digest.ts';
import type { Batch, BatchReply, Receipt } from '../../../service_worker/core/api.ts';
import type { Envelope } from '../../../service_worker/core/records.ts';
import { SERVER, START, sha256 } from './phone.ts';

export const reply = (body: unknown, status = 200, headers: { [name: string]: string } = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

export const errorReply = (status: number, code = 'no', headers: { [name: string]: string } = {}): Response =>
  reply({ proto: 1, server: SERVER, error: { code, message: code } }, status, headers);

export const portal = (status = 200): Response =>
  new Response('<!doctype html><title>Free Wi-Fi</title>', { status, headers: { 'content-type': 'text/html' } });

export interface Request {
  path: string;
  token: string | null;
  init: RequestInit;
  batch: Batch | null;
}

export class FakeServer {
  readonly log = new Map<string, Envelope>();
  readonly requests: Request[] = [];
  /** How often each record was stored anew: more than once is a lost promise. */
  now = START;
  devs = 1;
  /** Whose token is whose. */
  tokens = new Map([['append-ngozi', 'person-ngozi'], ['append-tom', 'person-tom']]);
  /** What a test wants to go wrong; return undefined to let the request pass. */
  trouble: (request: Request) => Response | Promise<Response | undefined> | undefined = () => undefined;
  /** What a test does to a finished reply. */
  tamper: (reply: BatchReply, request: Request) => Response | BatchReply = (given) => given;
  judge: (record: Envelope) => Partial<Receipt> = () => ({});

  readonly fetch = async (address: string, init: RequestInit): Promise<Response> => {
    const path = address.replace('/api/v1/', '');
    const token = new Headers(init.headers).get('authorization')?.replace('Bearer ', '') ?? null;
    const content = init.body ? JSON.parse(String(init.body)) : null;
    const request: Request = { path, token, init, batch: path === 'records' ? content : null };
    this.requests.push(request);
    const trouble = await this.trouble(request);
    if (trouble) return trouble;
    const now = new Date(this.now).toISOString();
    if (path.startsWith('ping')) return reply({ proto: 1, server: SERVER, n: path.split('n=')[1], now });
    const person = this.tokens.get(token ?? '');
    if (!person) return errorReply(401, 'sign-in');
    if (path.startsWith('devices/rotate')) {
      this.devs += 1;
      const append = `${token}-${this.devs}`;
      this.tokens.set(append, person);
      return reply({ proto: 1, server: SERVER, dev: `dev-${this.devs}`, append, n: path.split('n=')[1] }, 201);
    }
    if (path !== 'records') return errorReply(404);
    if (content.person !== person) return errorReply(409, 'other-person');
    const made = this.tamper(await this.take(request.batch!), request);
    return made instanceof Response ? made : reply(made);
  };

  get batches(): Batch[] {
    return this.requests.flatMap((request) => (request.batch ? [request.batch] : []));
  }

  ids(dev: string): string[] {
    return [...this.log.values()].filter((record) => record.dev === dev).map((record) => record.id);
  }

  private async take(batch: Batch): Promise<BatchReply> {
    const before = this.ids(batch.dev);
    const own = await digest(before, sha256);
    let rotate = false;
    const receipts = batch.records.map((record): Receipt => {
      const ruling = this.judge(record);
      if (ruling.r === 'refused') return { id: record.id, r: 'refused', ...ruling };
      if (this.log.has(record.id)) return { id: record.id, r: 'duplicate' };
      rotate ||= [...this.log.values()].some((other) => other.dev === record.dev && other.seq === record.seq);
      this.log.set(record.id, record);
      return { id: record.id, r: 'stored', ...ruling };
    });
    const equal = own.n === batch.held.n && own.x === batch.held.x;
    return {
      proto: 1,
      server: SERVER,
      batch: batch.batch,
      now: new Date(this.now).toISOString(),
      receipts,
      ...(equal ? {} : { have: this.ids(batch.dev) }),
      ...(rotate ? { rotate: true } : {}),
    };
  }
}
