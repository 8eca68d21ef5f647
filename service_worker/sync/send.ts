/**
 * Send what waits, and believe only receipts. Safe to run twice, in two tabs, or cut off at any point: nothing is
 * marked as being sent, so whatever was not receipted is simply still there.
 */

import { PROTO, type Batch, type BatchReply } from '../core/api.ts';
import { isWaiting, lengthened, retryAfter } from '../core/backoff.ts';
import { digest } from '../core/digest.ts';
import { MOST_RECORDS, WORDS, byAge, difference, failed, halves, isDue, isOurs, isReply, nextBatch, receipted, requeued } from '../core/outbox.ts';
import { envelope, newId, type Kept } from '../core/records.ts';
import { applyDifference, changeRecords, ghosts, prune, records, setState, state, waiting, type Ghost } from '../store/person.ts';
import { changePerson, people, person as personOf, personUuid, value, type Person } from '../store/phone.ts';
import { alone } from './alone.ts';
import { NoAnswer, json, nonce, ping, post, type Answer } from './api.ts';
import { learnOffset } from './clock.ts';
import type { Deps } from './deps.ts';

/** With nothing to send, the server is still shown the digest this often (ms): a restored one must be noticed. */
const CHECK_EVERY = 3_600_000;
/** Failed requests in a row after which a run stops: enough to find one bad record among 50, twice. */
const ENOUGH = 10;
/** Phone ids a question may name. */
const MOST_NAMED = 20;

export interface SendOptions {
  /** "Send now": ignore waits and pauses. */
  force?: boolean;
  /** Only this person's records. */
  person?: string;
  /** Send no batch for the digest alone: asking for news may compare it. */
  records?: true;
}

export interface PersonReport {
  person: string;
  /** Records the server receipted in this run, and among them those it keeps for a person to look at. */
  sent: number;
  held: number;
  refused: number;
  /** Still on this phone only (refused ones not counted). */
  left: number;
  /** The digest was due and is still to be compared. */
  unseen?: true;
  /**
   * done: all was tried. wait: a wait is not over. no-answer: no server, or not ours. busy: it asked for patience.
   * paused: a sign-in is needed. trouble: the server fails.
   */
  end: 'done' | 'wait' | 'no-answer' | 'busy' | 'paused' | 'trouble';
}

export interface SendReport {
  /** False when another tab or the worker is sending already. */
  ran: boolean;
  people: PersonReport[];
}

/** Why a run stops here, and how long the server asked to wait, in ms. */
class Stop extends Error {
  constructor(
    readonly end: PersonReport['end'],
    readonly asked = 0,
  ) {
    super(end);
  }
}

interface Run {
  deps: Deps;
  server: string;
  person: Person;
  report: PersonReport;
  /** Ids the server holds of the phone id being sent, as far as this phone knows. */
  held: Set<string>;
  /** Records a batch may hold; halved by a refusal for size, grows again with success. */
  limit: number;
  /** Failed requests in a row. */
  failures: number;
  now(): number;
  chance(): number;
}

/**
 * Send all that is due, for every person on this phone, each with their own token.
 *
 * Throws NotSaved only when the phone's storage is broken; trouble on the way is in the report.
 */
export async function sendAll(deps: Deps, options: SendOptions = {}): Promise<SendReport> {
  const reports = await alone(deps, 'bv-send', async () => {
    const done: PersonReport[] = [];
    const broken: unknown[] = [];
    for (const person of await people()) {
      if (options.person !== undefined && options.person !== person.id) continue;
      // One person's broken database holds up nobody else's records.
      await sendFor(deps, person, options.force ?? false, options.records ?? false).then((report) => done.push(report), (error: unknown) => broken.push(error));
    }
    if (broken.length) throw broken[0];
    return done;
  });
  return { ran: reports !== null, people: reports ?? [] };
}

async function sendFor(deps: Deps, person: Person, force: boolean, recordsOnly: boolean): Promise<PersonReport> {
  const report: PersonReport = { person: person.id, sent: 0, held: 0, refused: 0, left: 0, end: 'done' };
  const all = await records(person.id);
  const wait = await state(person.id, 'backoff');
  const run: Run = {
    deps,
    server: '',
    person,
    report,
    held: new Set(),
    limit: Math.max(1, MOST_RECORDS >> Math.min(wait?.n ?? 0, 5)),
    failures: 0,
    now: deps.now,
    chance: () => deps.random(1)[0]! / 256,
  };
  try {
    const due = await unchecked(deps, person.id, all);
    const todo = [...devsOf(all, await ghosts(person.id))].filter((dev) => force || all.some((record) => record.dev === dev && isDue(record, deps.now())) || (!recordsOnly && due.includes(dev)));
    if (due.some((dev) => !todo.includes(dev))) report.unseen = true;
    if (todo.length) {
      if (!person.append || (person.paused && !force)) throw new Stop('paused');
      if (!force && isWaiting(wait, deps.now())) throw new Stop('wait');
      run.server = await ourServer(deps);
      if ((await state(person.id, 'rotate')) === person.dev) await rotate(run);
      for (const dev of todo) await sendOne(run, dev, force);
      // By whichever clock is behind: a line that lies about the date makes nothing old.
      if (report.sent) await prune(person.id, deps.now() + Math.min(0, (await value('clockOffset'))?.off ?? 0));
    }
  } catch (error) {
    const stop = error instanceof NoAnswer ? new Stop('no-answer') : error;
    if (!(stop instanceof Stop)) throw error;
    report.end = stop.end;
    if (stop.end !== 'wait' && stop.end !== 'paused') await lengthen(run, { asked: stop.asked, unheard: stop.end === 'no-answer' });
  }
  report.left = (await waiting(person.id)).filter((record) => record.st === 'kept').length;
  return report;
}

const devsOf = (all: readonly Kept[], known: readonly Ghost[]): Set<string> => new Set([...all, ...known].map(({ dev }) => dev));

/** Phone ids whose digest was not compared for a while. */
async function unchecked(deps: Deps, id: string, all: readonly Kept[]): Promise<string[]> {
  const checked = (await state(id, 'checked')) ?? {};
  return [...devsOf(all, await ghosts(id))].filter((dev) => {
    const ago = deps.now() - (checked[dev] ?? -Infinity);
    return ago < 0 || ago >= CHECK_EVERY;
  });
}

/** Those phone ids, as many as one question may name, and their digests, "n:x", for asking what the server holds. */
export async function uncompared(deps: Deps, id: string): Promise<Map<string, string>> {
  const all = await records(id);
  const found = new Map<string, string>();
  for (const dev of (await unchecked(deps, id, all)).slice(0, MOST_NAMED)) {
    const { n, x } = await digest(await heldOf(id, dev, all), deps.sha256);
    found.set(dev, `${n}:${x}`);
  }
  return found;
}

/** The server holds for these phone ids what this phone believes. */
export async function noteEqual(deps: Deps, id: string, devs: readonly string[]): Promise<void> {
  const now = deps.now();
  if (devs.length) await setState(id, { checked: { ...(await state(id, 'checked')), ...Object.fromEntries(devs.map((dev) => [dev, now])) } });
}

/** The server this phone belongs to. It is pinged only when it, or its clock, is not known yet. */
async function ourServer(deps: Deps): Promise<string> {
  const known = await value('server');
  return known !== undefined && (await value('clockOffset')) ? known : ping(deps);
}

/** A stop is stored, so that a closed app does not forget to wait; the records show since when they have been failing. */
async function lengthen(run: Run, why: { asked: number; unheard: boolean }): Promise<void> {
  const { id } = run.person;
  const now = run.now();
  await setState(id, { backoff: lengthened(await state(id, 'backoff'), now, run.chance(), why) });
  const fresh = (await waiting(id)).filter((record) => record.st === 'kept' && record.since === null).map((record) => record.id);
  if (fresh.length) await changeRecords(id, fresh, (record) => (record.st === 'kept' && record.since === null ? { ...record, since: now } : null));
}

/** What the digest is made of: receipted records, and ghosts. Read once for a phone id, not for every batch of a backlog. */
async function heldOf(id: string, dev: string, own: readonly Kept[]): Promise<Set<string>> {
  return new Set([...own.filter((record) => record.st === 'receipted'), ...(await ghosts(id))].filter((one) => one.dev === dev).map((one) => one.id));
}

/** Send what one phone id has waiting, at least one batch, so that the server sees the digest. */
async function sendOne(run: Run, dev: string, force: boolean): Promise<void> {
  const { id } = run.person;
  const own = await records(id);
  const due = own.filter((record) => record.dev === dev && (force ? record.st === 'kept' : isDue(record, run.now())));
  run.held = await heldOf(id, dev, own);
  const seen = new Set(due.map((record) => record.id));
  // A stack of groups: a group that fails is split, and its halves are never mixed with others again.
  const groups: Kept[][] = [due];
  for (let first = true; groups.length; first = false) {
    const group = groups.pop()!.sort(byAge);
    if (!group.length && !first) continue;
    const batch = nextBatch(group, run.limit);
    const rest = group.slice(batch.length);
    if (rest.length) groups.push(rest);
    const answer = await deliver(run, dev, batch);
    if (answer.reply) {
      const again = await settle(run, dev, batch, answer.reply);
      // What the server has lost goes round once; a server that keeps losing it must not keep us here.
      const lost = again.filter((record) => !seen.has(record.id));
      for (const record of lost) seen.add(record.id);
      if (lost.length) groups.unshift(lost);
      continue;
    }
    run.failures += 1;
    if (answer.code === 413) run.limit = Math.max(1, Math.ceil(batch.length / 2));
    if (batch.length > 1) {
      const [earlier, later] = halves(batch);
      groups.push(later, earlier);
    } else if (batch.length) {
      await changeRecords(id, [batch[0]!.id], (record) => (record.st === 'kept' ? failed(record, run.now(), run.chance(), `http-${answer.code}`) : null));
    }
    if (run.failures >= ENOUGH || !batch.length) throw new Stop('trouble');
  }
}

/** Send one batch. Returns its believable reply, or the status of an answer that splitting may help. Throws Stop, NoAnswer. */
async function deliver(run: Run, dev: string, batch: readonly Kept[]): Promise<{ reply?: BatchReply; code: number }> {
  const { deps, server, person } = run;
  const sent = deps.now();
  const content: Batch = {
    proto: PROTO,
    server,
    dev,
    person: personUuid(person),
    batch: newId(sent, deps.random),
    app: deps.app,
    now: new Date(sent).toISOString(),
    held: await digest(run.held, deps.sha256),
    records: batch.map(envelope),
  };
  const answer = await post(deps, 'records', run.person.append!, content);
  const reply = json(answer);
  const ours = isOurs(reply, server);
  switch (answer.status) {
    case 200:
      if (!isReply(reply, server, content.batch)) throw new NoAnswer('Not a receipt');
      await learnOffset(reply.now, sent, deps.now());
      return { reply, code: 200 };
    case 401:
    case 403:
    case 409:
      // A portal may say these too; only our own server can stop a person's sending.
      if (!ours) throw new NoAnswer('Not our server');
      // Somebody may have signed in again meanwhile: what was said of the token before says nothing of theirs.
      if ((await personOf(person.id))?.append === run.person.append) await changePerson(person.id, { paused: answer.status === 409 ? 'other-person' : 'sign-in' });
      throw new Stop('paused');
    case 429:
    case 503:
      throw new Stop('busy', retryAfter(answer.headers.get('retry-after'), deps.now()));
    case 400:
    case 413:
    case 422:
    case 500:
      return { code: answer.status };
    default:
      throw new Stop(ours ? 'trouble' : 'no-answer');
  }
}

/** Apply a reply: receipts first, then what the server is missing. Returns the records that are waiting again. */
async function settle(run: Run, dev: string, batch: readonly Kept[], reply: BatchReply): Promise<Kept[]> {
  const { person, report } = run;
  const receipts = new Map(reply.receipts.map((receipt) => [receipt.id, receipt]));
  // Noted before anything else: the server says it once, and a crash from here on must not lose it.
  if (reply.rotate && dev === run.person.dev) await setState(person.id, { rotate: dev });
  const moved = await changeRecords(person.id, batch.map((record) => record.id), (record) => {
    if (record.st !== 'kept') return null;
    const receipt = receipts.get(record.id);
    return receipt && WORDS.includes(receipt.r) ? receipted(record, receipt, reply.now) : failed(record, run.now(), run.chance(), 'no-receipt');
  });
  for (const record of moved) {
    if (record.st === 'receipted') {
      report.sent += 1;
      run.held.add(record.id);
    }
    if (record.st === 'refused') report.refused += 1;
    if (record.r === 'held') report.held += 1;
  }
  const again = reply.have ? await compare(person.id, dev, reply.have, new Set(moved.map((record) => record.id))) : [];
  if (reply.have) run.held = await heldOf(person.id, dev, await records(person.id));
  run.failures = 0;
  run.limit = Math.min(MOST_RECORDS, run.limit * 2);
  const checked = (await state(person.id, 'checked')) ?? {};
  await setState(person.id, { checked: { ...checked, [dev]: run.now() }, backoff: undefined });
  if (person.paused) {
    await changePerson(person.id, { paused: null });
    run.person = { ...run.person, paused: null };
  }
  if (reply.rotate && dev === run.person.dev) await rotate(run);
  return again;
}

async function compare(id: string, dev: string, have: readonly string[], fresh: ReadonlySet<string>): Promise<Kept[]> {
  let again: Kept[] = [];
  await applyDifference(id, dev, (own, known) => {
    const { requeue, ghosts: found, gone } = difference(have, own, known, fresh);
    const lost = new Set(requeue);
    again = own.filter((record) => lost.has(record.id)).map(requeued);
    return { put: again, ghosts: found, gone };
  });
  return again;
}

/**
 * Take a new phone id: this phone shares its old one with a clone. Records made before keep the old id, and are sent
 * under it. When this fails the wish stays noted for the next run.
 */
async function rotate(run: Run): Promise<void> {
  const { deps, server, person } = run;
  const n = nonce(deps);
  const answer: Answer | null = await post(deps, `devices/rotate?n=${n}`, person.append!, { proto: PROTO, server, person: personUuid(person), dev: person.dev }).catch((error: unknown) => {
    if (error instanceof NoAnswer) return null;
    throw error;
  });
  const reply = answer && json(answer);
  if (!answer || answer.status > 299 || !isOurs(reply, server)) return;
  const { dev, append, n: to = n } = reply as { dev?: unknown; append?: unknown; n?: unknown };
  // The answer to a clone, kept somewhere on the way, would make two phones one again. Release 0.1 says no n.
  if (to !== n) return;
  if (typeof dev !== 'string' || typeof append !== 'string') return;
  await changePerson(person.id, { dev, append });
  run.person = { ...run.person, dev, append };
  await setState(person.id, { rotate: undefined });
}

/** A person's tap on a record that was not sent: put it back in the queue, refused ones too. Returns how many. */
export async function tryAgain(personId: string, ids: readonly string[]): Promise<number> {
  return (await changeRecords(personId, ids, (record) => (record.st === 'receipted' ? null : requeued(record)))).length;
}
