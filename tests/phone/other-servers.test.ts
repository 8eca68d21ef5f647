/** Servers older and newer than this phone: what they say more or less is survived, and nothing that waits is lost. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { BatchReply, Catalogue, Receipt, Snapshot } from '../../service_worker/core/api.ts';
import { gather, standingOf, stillToDo } from '../../service_worker/page/facts.ts';
import { recordText } from '../../service_worker/page/record-text.ts';
import { planFor } from '../../service_worker/page/today-plan.ts';
import { records, setState, state } from '../../service_worker/store/person.ts';
import { person, putPerson } from '../../service_worker/store/phone.ts';
import { download } from '../../service_worker/sync/download.ts';
import { fetchCatalogue } from '../../service_worker/sync/fetch-catalogue.ts';
import { fetchState } from '../../service_worker/sync/fetch-state.ts';
import { sendAll } from '../../service_worker/sync/send.ts';
import { NGOZI, SERVER, Shelf, aPerson, joinedPhone, keepSome, testDeps, type Handler, type TestDeps } from './support/phone.ts';
import { FakeServer, errorReply, reply } from './support/server.ts';

let server: FakeServer;
let deps: TestDeps;

beforeEach(async () => {
  await joinedPhone();
  server = new FakeServer();
  deps = testDeps(server.fetch);
});

const states = async (): Promise<string[]> => (await records(NGOZI)).map((record) => record.st);
const more = { mood: 'fine', deep: { er: [null, { and: 'deeper' }] }, list: [] };

test('fields nobody here knows change nothing of a reply', async () => {
  await keepSome(3);
  server.tamper = (given) => ({ ...given, ...more, receipts: given.receipts.map((receipt) => ({ ...receipt, ...more })) }) as BatchReply;
  const report = await sendAll(deps);
  assert.deepEqual([await states(), report.people[0]!.end], [['receipted', 'receipted', 'receipted'], 'done']);
});

test('a record of which a newer server says a word nobody here knows waits, and holds up no other', async () => {
  const kept = await keepSome(3);
  const odd = kept[1]!.id;
  server.tamper = (given) => ({ ...given, receipts: given.receipts.map((receipt) => (receipt.id === odd ? { ...receipt, r: 'folded' as Receipt['r'], into: 'x' } : receipt)) });
  const report = await sendAll(deps);
  assert.deepEqual([await states(), report.people[0]!.left, report.people[0]!.sent], [['receipted', 'kept', 'receipted'], 1, 2]);
  assert.equal((await records(NGOZI))[1]!.code, 'no-receipt');
  server.tamper = (given) => given;
  await sendAll(deps, { force: true });
  assert.deepEqual([await states(), server.log.size], [['receipted', 'receipted', 'receipted'], 3]);
});

test('an endless stream of unknown words neither loops nor loses', async () => {
  await keepSome(60);
  server.tamper = (given) => ({ ...given, receipts: given.receipts.map((receipt) => ({ ...receipt, r: 'folded' as Receipt['r'] })) });
  await sendAll(deps);
  assert.ok(server.batches.length <= 4, `${server.batches.length} batches`);
  assert.deepEqual(new Set(await states()), new Set(['kept']));
});

test('a reason nobody here knows is kept beside its record', async () => {
  await keepSome(2);
  server.judge = (record) => (record.seq === 1 ? { r: 'held', code: 'from-another-planet' } : { r: 'refused', code: 'too-blue' });
  await sendAll(deps);
  assert.deepEqual((await records(NGOZI)).map((record) => [record.st, record.code]), [['receipted', 'from-another-planet'], ['refused', 'too-blue']]);
});

test('what may be left out of a reply may also be null', async () => {
  await keepSome(1);
  server.tamper = (given) => ({ ...given, have: null, rotate: null, receipts: given.receipts.map((receipt) => ({ ...receipt, code: null })) }) as unknown as BatchReply;
  await sendAll(deps);
  assert.deepEqual([await states(), (await records(NGOZI))[0]!.code], [['receipted'], null]);
});

test('an older server that does not speak this protocol is not believed, and everything waits', async () => {
  await keepSome(12);
  server.trouble = ({ path }) => (path === 'records' ? errorReply(400, 'another-protocol') : undefined);
  const report = await sendAll(deps);
  assert.deepEqual([new Set(await states()), report.people[0]!.left, report.people[0]!.end], [new Set(['kept']), 12, 'trouble']);
  server.trouble = () => undefined;
  await sendAll(deps, { force: true });
  assert.deepEqual([new Set(await states()), server.log.size], [new Set(['receipted']), 12]);
});

const snapshot = (): Snapshot => ({
  proto: 1, server: SERVER, now: '2026-11-22T09:00:00.000Z', person: { id: NGOZI, name: 'Ngozi' }, provider: { id: 'bramble', name: 'Bramble', contact: 'Priya' },
  assignments: [], results: [], modules: {}, resets: {}, held: 0, messages: [], standards: [],
});
const answering = (body: unknown, rest: Handler = () => reply({}, 404)): TestDeps =>
  testDeps((address, init) => (address.startsWith('/api/') ? reply(body) : rest(address, init)));

test('a newer server\'s state is taken, and the screens are drawn from what is known of it', async () => {
  const shelf = new Shelf();
  shelf.offer('bees');
  await setState(NGOZI, { catalogue: { ...shelf.catalogue(), ...more } as Catalogue });
  const odd = { ...snapshot(), ...more, modules: { bees: { status: 'paused', completed_at: null, valid_until: null, due: null, edition: 1, ...more } } };
  assert.equal(await fetchState(answering(odd), NGOZI), 'new');
  const facts = (await gather(deps))!;
  assert.equal(standingOf(facts, 'bees').status, 'paused');
  assert.deepEqual(stillToDo(facts).map((module) => module.key), ['bees'], 'what is not known to be done is still offered');
  assert.equal(planFor(facts).main.kind, 'next');
  assert.match(recordText(facts), /Ngozi/);
});

test('a newer server\'s catalogue is taken, and lessons are fetched from it', async () => {
  const shelf = new Shelf();
  const film = { ...shelf.picture('film'), kind: 'film' as 'picture' };
  shelf.offer('bees', { files: [shelf.picture('hive')], ...more });
  shelf.offer('wasps', { files: [film] });
  const given = { ...shelf.catalogue(), ...more, modules: shelf.modules.map((module) => ({ ...module, change: 'huge', media: module.media.map((one) => ({ ...one, ...more })) })) };
  const line = answering(given, shelf.serve);
  assert.equal(await fetchCatalogue(line, NGOZI), 'new');
  await download(line, NGOZI, { media: true });
  const facts = (await gather(line))!;
  assert.deepEqual(facts.editions.map((row) => row.module).sort(), ['bees', 'wasps']);
  assert.equal(facts.editions.find((row) => row.module === 'bees')!.complete, true);
});

test('an older server that leaves out what may be left out is understood', async () => {
  const shelf = new Shelf();
  shelf.offer('bees');
  const { chain, ...module } = { chain: [], ...shelf.modules[0]! };
  assert.deepEqual(chain, []);
  const line = answering({ ...shelf.catalogue(), modules: [module] }, shelf.serve);
  assert.equal(await fetchCatalogue(line, NGOZI), 'new');
  await setState(NGOZI, { snapshot: { ...snapshot(), results: [{ record: 'r', module: 'bees', edition: 1, sha: 'e', at: '', received: '', score: 100, passed: true, questions: [] }] } });
  assert.equal(planFor((await gather(line))!).main.kind, 'next');
});

test('a person\'s row with more in it than this phone knows is kept whole', async () => {
  await putPerson({ ...aPerson(), ...more } as never);
  await fetchState(answering({ ...snapshot(), ...more }), NGOZI);
  assert.deepEqual({ ...(await person(NGOZI))! } as object, { ...(await person(NGOZI))!, ...more });
  assert.equal((await state(NGOZI, 'snapshot'))!.held, 0);
});
