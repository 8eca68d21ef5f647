/** The promise, checked after a run: faults end, everybody connects, and then nothing may be missing, doubled or untrue. */

import { createHash } from 'node:crypto';
import type { Snapshot } from '../../service_worker/core/api.ts';
import { sha256 } from '../phone/support/phone.ts';
import type { Phone } from './phone.ts';
import type { Log } from './server.ts';
import { Luck } from './luck.ts';
import { Violation } from './violation.ts';
import { MODULES, uuidOf, type World } from './world.ts';

const HOUR = 3_600_000;
const MOST_ROUNDS = 8;
const short = (ids: readonly string[]): string => ids.map((id) => id.slice(-6)).join(', ');

/** Mend everything that can be mended, and let each phone connect until a round changes nothing. */
export async function settle(world: World): Promise<void> {
  world.network.roughness = 0;
  world.network.deliverLate();
  world.become(world.newest);
  world.ask('look');
  world.ask('publish', { editions: world.editions });
  for (const copy of world.copies) world.ask('hand_in', { copy });
  for (const phone of world.phones) {
    phone.full = false;
    phone.dying = 0;
    phone.open();
  }
  let last = '';
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    world.clock.now += HOUR + 60_000;
    let sent = false;
    for (const phone of world.phones) {
      // "Send now" first, and nobody signs in who need not: an ended sign-in must not stop what was learned.
      sent = / [1-9]/.test(await world.send(phone, round === 0)) || sent;
      for (const { id, paused } of phone.people()) {
        if (!paused) continue;
        if (!world.mayWantSignIn(phone)) throw new Violation(`sending stands still on ${phone.name} although no sign-in ended: ${paused}`);
        await letIn(world, phone, id);
      }
    }
    const now = JSON.stringify(world.phones.map((phone) => phone.owners().map((owner) => [phone.recordsOf(owner).map((record) => record.id + record.st), phone.ghostsOf(owner)])));
    // What one phone sent again changes what the server tells its clone, though nothing looks different here.
    if (now === last && !sent && !world.phones.some((phone) => phone.people().some(({ paused }) => paused))) break;
    last = now;
  }
  for (const phone of world.phones) {
    for (const { id } of phone.people()) {
      if ((await world.refresh(phone, id)).includes('sign-in')) {
        await letIn(world, phone, id);
        await world.refresh(phone, id);
      }
    }
  }
}

/** The PIN, where it helps; else a code, which a manager gives who has them back. */
async function letIn(world: World, phone: Phone, id: string): Promise<void> {
  const person = world.people.find((one) => one.id === uuidOf(id))!;
  const provider = (): string => phone.people().find((one) => one.id === id)!.provider.id;
  const tries = [
    async () => (await world.signIn(phone, id)) === 'ready' && world.mayRead(phone, id),
    () => world.join(phone, person, provider()),
    async () => {
      world.ask('take_on', { person: person.id, provider: provider() });
      return world.join(phone, person, provider());
    },
  ];
  for (const attempt of tries) if (await attempt()) return;
  throw new Violation(`${person.name} is let in on ${phone.name} neither with the PIN nor with a code`);
}

/** Throws Violation, naming the first broken promise. */
export async function check(world: World): Promise<void> {
  const log = world.ask<Log>('log');
  const stored = new Map(log.records.map(([id, person]) => [id, person]));
  nothingLost(world, stored);
  nothingForeign(world, stored);
  sentIsStored(world, stored);
  numbersUsedOnce(world, log);
  if (log.wrong_digests.length) throw new Violation(`the server's digest is not that of its log: ${log.wrong_digests.join(', ')}`);
  if (log.rebuilt_otherwise.length) throw new Violation(`built again from the log, these tables differ: ${log.rebuilt_otherwise.join(', ')}`);
  const held = new Set(log.held);
  const unknown = (id: string): boolean => world.newest === 'present' && world.done.get(id)?.strange === 'held';
  const judgedWrongly = [...stored.keys()].filter((id) => held.has(id) !== unknown(id));
  if (judgedWrongly.length) throw new Violation(`held although nothing is wrong, or not held although it cannot be judged: ${short(judgedWrongly)}`);
  const passes = new Set(log.passes);
  const taken = new Map(log.taken);
  const undone = [...world.decided].filter(([record, { stands, restores }]) => restores === world.restores && taken.has(record) === stands).map(([record]) => record);
  if (undone.length) throw new Violation(`a manager's decision was forgotten: ${short(undone)}`);
  const counts = (id: string): boolean => world.done.has(id) && world.counts(world.done.get(id)!, taken.get(id));
  const lost = [...stored.keys()].filter((id) => counts(id) && !passes.has(id));
  if (lost.length) throw new Violation(`a pass was lost: ${short(lost)}`);
  const given = [...passes].filter((id) => !counts(id));
  if (given.length) throw new Violation(`a pass nobody earned: ${short(given)}`);
  rightProvider(world, log);
  lostPhonesShut(world);
  for (const phone of world.phones) {
    await digestsAgree(phone, log);
    goesAreHere(phone);
    heldAsTheServerHolds(phone, held, log);
    lessonsAreHere(world, phone);
    await standingsAgree(world, phone, log);
  }
}

function nothingLost(world: World, stored: ReadonlyMap<string, string>): void {
  const here = new Map(world.phones.flatMap((phone) => phone.owners().flatMap((owner) => phone.recordsOf(owner).map((record) => [record.id, record] as const))));
  const waiting = [...here.values()].filter((record) => record.st === 'kept').map((record) => record.id);
  if (waiting.length) throw new Violation(`still not sent after everything was mended: ${short(waiting)}`);
  const refused = [...here.values()].filter((record) => (record.st === 'refused') !== (world.done.get(record.id)?.strange === 'refused')).map((record) => record.id);
  if (refused.length) throw new Violation(`refused without a reason, or taken against one: ${short(refused)}`);
  const lost = [...world.done].filter(([id, done]) => done.said && !stored.has(id) && here.get(id)?.st !== 'refused' && !world.excused(id)).map(([id]) => id);
  const saved = world.copies.flatMap((copy) => copy.records.map(({ id }) => id)).filter((id) => world.done.get(id)?.strange !== 'refused' && !stored.has(id));
  if (saved.length) throw new Violation(`handed in as a saved copy, and now nowhere: ${short(saved)}`);
  if (lost.length) throw new Violation(`said to be saved, and now nowhere: ${short(lost)}`);
}

function nothingForeign(world: World, stored: ReadonlyMap<string, string>): void {
  const wrong = [...stored].filter(([id, person]) => uuidOf(world.done.get(id)?.person ?? '') !== person).map(([id]) => id);
  if (wrong.length) throw new Violation(`stored under another person, or never made: ${short(wrong)}`);
  for (const phone of world.phones) {
    for (const owner of phone.owners()) {
      const foreign = phone.recordsOf(owner).filter((record) => world.done.get(record.id)?.person !== owner);
      if (foreign.length) throw new Violation(`another person's on ${phone.name}: ${short(foreign.map((record) => record.id))}`);
    }
  }
}

function sentIsStored(world: World, stored: ReadonlyMap<string, string>): void {
  for (const phone of world.phones) {
    const untrue = phone.owners().flatMap((owner) => phone.recordsOf(owner)).filter((record) => record.st === 'receipted' && !stored.has(record.id));
    if (untrue.length) throw new Violation(`shown as sent on ${phone.name}, not on the server: ${short(untrue.map((record) => record.id))}`);
  }
}

/** A number stands for one record, unless a phone was cloned or went back in time. */
function numbersUsedOnce(world: World, log: Log): void {
  const seen = new Set<string>();
  for (const [id, , dev, seq] of log.records) {
    const key = `${dev} ${seq}`;
    if (seen.has(key) && !world.shared.has(dev)) throw new Violation(`a number was used twice on a phone that is nobody's clone: ${id.slice(-6)} has ${seq}`);
    seen.add(key);
  }
}

async function digestsAgree(phone: Phone, log: Log): Promise<void> {
  for (const owner of phone.owners()) {
    const sent = [...phone.recordsOf(owner).filter((record) => record.st === 'receipted'), ...phone.ghostsOf(owner)];
    for (const dev of new Set(sent.map((one) => one.dev))) {
      const ours = await phone.code.digest(sent.filter((one) => one.dev === dev).map(({ id }) => id), sha256);
      const theirs = log.digests[dev] ?? { n: 0, x: '0'.repeat(16) };
      if (ours.n !== theirs.n || ours.x !== theirs.x) throw new Violation(`digests differ for ${phone.name}: ${ours.n} here, ${theirs.n} there`);
    }
  }
}

/** Records belong to a provider their phone's id was enrolled at. A server put back may have forgotten which that was. */
function rightProvider(world: World, log: Log): void {
  if (world.restores) return;
  const wrong = log.records.filter(([, , dev, , home]) => !(world.homes.get(dev)?.has(home) ?? true)).map(([id]) => id);
  if (wrong.length) throw new Violation(`given to a provider they were not made at: ${short(wrong)}`);
}

/** Whoever has a phone that the manager ended can neither read nor add anything. */
function lostPhonesShut(world: World): void {
  for (const { tokens, restores } of world.revoked) {
    if (restores < world.restores) continue;
    for (const [path, token] of [['state', tokens.read], ['catalogue', tokens.read], ['devices/rotate', tokens.append]] as const) {
      const asked = { method: path === 'devices/rotate' ? 'POST' : 'GET', path: `/api/v1/${path}`, headers: { authorization: `Bearer ${token}` }, body: '' };
      const outcome = world.network.send(asked, new Luck(1));
      if (typeof outcome === 'string' || outcome.reply.status !== 401) throw new Violation(`a lost phone may still ask for ${path}`);
    }
  }
}

/** Who reads the snapshot is told of a held record for as long as it is held, and no longer. */
function heldAsTheServerHolds(phone: Phone, held: ReadonlySet<string>, log: Log): void {
  const here = new Set(log.records.map(([id]) => id));
  const wrong = phone.people().flatMap(({ id }) => phone.recordsOf(id)).filter((record) => record.r === 'held' && here.has(record.id) && !held.has(record.id));
  if (wrong.length) throw new Violation(`shown as held on ${phone.name}, and judged long since: ${short(wrong.map(({ id }) => id))}`);
}

function goesAreHere(phone: Phone): void {
  for (const [key, attempt] of phone.goes) {
    const [person, module] = key.split(' ') as [string, string];
    const found = phone.draftsOf(person).find((draft) => draft.module === module);
    if (found?.attempt !== attempt) throw new Violation(`a go put down on ${phone.name} is gone: ${module}`);
  }
}

/** What is said to be on the phone is, byte for byte; and so are the texts of all that was asked for. */
function lessonsAreHere(world: World, phone: Phone): void {
  const stored = (cache: string, address: string): string | null => {
    const file = phone.caches.all.get(cache)?.stored.get(address);
    return file ? createHash('sha256').update(file.body).digest('hex') : null;
  };
  const rows = phone.editionRows();
  // A phone that nobody uses asks for nothing.
  for (const { sha, module, edition, complete, media } of phone.people().length ? rows : []) {
    const texts = stored('editions', `/e/${sha}`) === sha;
    if (!texts || (complete && !media.every((file) => stored('media', `/m/${file}`) === file.slice(0, 64)))) throw new Violation(`said to be on ${phone.name}, and is not: ${module} ${edition}`);
  }
  for (const { id } of phone.people()) {
    const gone = phone.catalogueOf(id)?.withdrawn ?? [];
    const underWay = new Set(phone.owners().flatMap((owner) => phone.draftsOf(owner)).map((draft) => draft.sha));
    const stays = rows.find((row) => gone.some(({ sha }) => sha === row.sha) && !(row.withdrawn && underWay.has(row.sha)));
    if (stays) throw new Violation(`withdrawn, and still in use on ${phone.name}: ${stays.module} ${stays.edition}`);
    const warned = gone.filter(({ safety }) => safety).length;
    if (!world.restores && warned !== world.warnings.size) throw new Violation(`${warned} of ${world.warnings.size} safety notices came to ${phone.name}`);
    for (const { key, sha, edition, assigned } of phone.catalogueOf(id)?.modules ?? []) {
      // A format of tomorrow is left alone until the phone is updated.
      if (assigned && world.published(key, edition).format === 1 && !rows.some((row) => row.sha === sha)) throw new Violation(`asked for, and not on ${phone.name}: ${key} ${edition}`);
    }
  }
}

async function standingsAgree(world: World, phone: Phone, log: Log): Promise<void> {
  const homes = new Map(log.records.map(([id, person, , , home]) => [id, `${person} ${home}`]));
  for (const { id, read } of phone.people()) {
    const asked = { method: 'GET', path: '/api/v1/state', headers: { authorization: `Bearer ${read}` }, body: '' };
    const outcome = world.network.send(asked, new Luck(1));
    if (typeof outcome === 'string' || outcome.reply.status !== 200) throw new Violation(`no state for ${phone.name}: ${JSON.stringify(outcome).slice(0, 200)}`);
    const told = JSON.parse(outcome.reply.body) as Snapshot;
    const foreign = told.results.filter((result) => homes.get(result.record) !== `${uuidOf(id)} ${told.provider.id}`).map((result) => result.record);
    if (told.person.id !== uuidOf(id) || foreign.length) throw new Violation(`told another's to ${phone.name}: ${short(foreign)}`);
    phone.shownTo = id;
    const done = await phone.act(async (deps) => {
      await phone.code.setValue('person', id);
      const facts = await phone.code.gather(deps);
      if (!facts) throw new Error('nobody');
      // A go that is not finished is this phone's own affair.
      return MODULES.map((key) => [key, phone.code.standingOf({ ...facts, drafts: [] }, key).status] as const);
    });
    if ('error' in done) throw done.error;
    for (const [key, status] of done.value) {
      const server = told.modules[key]?.status ?? 'not-started';
      if (status !== server) throw new Violation(`${phone.name} says ${key} is ${status}, the server says ${server}`);
    }
  }
}
