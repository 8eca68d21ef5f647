import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { callJudgedSent } from '../../service_worker/page/judged.ts';
import { found } from '../../service_worker/page/search.ts';
import { readsNoMore } from '../../service_worker/page/sign-in-words.ts';
import { editions } from '../../service_worker/store/editions.ts';
import { changeRecords, keep, records, setState, state } from '../../service_worker/store/person.ts';
import { changePerson, person } from '../../service_worker/store/phone.ts';
import { ping } from '../../service_worker/sync/api.ts';
import { learnOffset, offset } from '../../service_worker/sync/clock.ts';
import { download } from '../../service_worker/sync/download.ts';
import { fetchCatalogue, fetchSummaries } from '../../service_worker/sync/fetch-catalogue.ts';
import { fetchState } from '../../service_worker/sync/fetch-state.ts';
import { sendAll } from '../../service_worker/sync/send.ts';
import { NGOZI, SERVER, START, Shelf, joinedPhone, readLesson, stamp, testDeps, type Handler } from './support/phone.ts';
import { FakeServer, errorReply, portal, reply } from './support/server.ts';

beforeEach(() => joinedPhone());

const snapshot = (more = {}) => ({
  proto: 1, server: SERVER, now: '2026-11-22T09:00:00.000Z', person: { id: NGOZI, name: 'Ngozi' }, provider: { id: 'bramble', name: 'Bramble', contact: 'Priya' },
  assignments: [], results: [], modules: {}, resets: {}, held: 0, messages: [], standards: [], ...more,
});
const fetching = (handler: Handler) => fetchState(testDeps(handler), NGOZI);

test('a new state is stored with its ETag', async () => {
  assert.equal(await fetching(() => reply(snapshot({ held: 2 }), 200, { etag: '"a"' })), 'new');
  assert.deepEqual([(await state(NGOZI, 'snapshot'))!.held, await state(NGOZI, 'etag:state')], [2, '"a"']);
});

test('an unchanged state costs one short answer', async () => {
  await fetching(() => reply(snapshot(), 200, { etag: '"a"' }));
  let sent: string | null = null;
  const found = await fetching((_address, init) => {
    sent = new Headers(init.headers).get('if-none-match');
    return new Response(null, { status: 304 });
  });
  assert.deepEqual([found, sent], ['same', '"a"']);
});

test('an ETag without the state it belongs to is not used', async () => {
  await setState(NGOZI, { 'etag:state': '"a"' });
  let sent: string | null = 'none';
  await fetching((_address, init) => {
    sent = new Headers(init.headers).get('if-none-match');
    return reply(snapshot());
  });
  assert.equal(sent, null);
});

for (const [name, handler] of [
  ['a portal', () => portal()],
  ['another server', () => reply(snapshot({ server: 'server-2' }))],
  ['a state of another person', () => reply(snapshot({ person: { id: 'person-tom', name: 'Tom' } }))],
  ['a server in trouble', () => errorReply(500)],
  ['a reply of the wrong shape', () => reply({ proto: 1, server: SERVER, results: 'none' })],
  ['no signal', () => Promise.reject(new TypeError('no signal'))],
] as [string, Handler][]) {
  test(`${name} does not replace what is known`, async () => {
    await fetching(() => reply(snapshot({ held: 3 })));
    assert.equal(await fetching(handler), 'no-answer');
    assert.equal((await state(NGOZI, 'snapshot'))!.held, 3);
  });
}

test('an ended sign-in stops reading and not sending', async () => {
  await keep(NGOZI, [readLesson(stamp())]);
  assert.equal(await fetching(() => errorReply(401)), 'sign-in');
  assert.equal((await person(NGOZI))!.paused ?? null, null);
  assert.equal((await sendAll(testDeps(new FakeServer().fetch))).people[0]!.sent, 1);
});

test('a portal\'s 401 is not taken for an ended sign-in', async () => {
  assert.equal(await fetching(() => portal(401)), 'no-answer');
});

test('what the server refuses to read is asked for with the PIN, kindly, until it reads again', async () => {
  await fetching(() => errorReply(401));
  const row = (await person(NGOZI))!;
  assert.deepEqual([readsNoMore(row), row.read, row.append, row.paused ?? null], [true, 'read-ngozi', 'append-ngozi', null], 'nothing is thrown away');
  assert.equal(readsNoMore({ ...row, paused: 'sign-in' }), false, 'one thing to do at a time');
  assert.equal(await fetching(() => reply(snapshot(), 200, { etag: '"a"' })), 'new');
  assert.equal(readsNoMore((await person(NGOZI))!), false, 'a server put right again reads on');
  await fetching(() => errorReply(401));
  assert.equal(await fetching(() => new Response(null, { status: 304 })), 'same');
  assert.equal(readsNoMore((await person(NGOZI))!), false);
});

test('a refusal that comes late says nothing of the new sign-in', async () => {
  await fetching(() => changePerson(NGOZI, { read: 'read-2' }).then(() => errorReply(401)));
  const row = (await person(NGOZI))!;
  assert.deepEqual([row.refused, readsNoMore(row)], ['read-ngozi', false]);
});

for (const [name, handler] of [['a place that ended', () => errorReply(403)], ['a portal', () => portal(401)], ['a server in trouble', () => errorReply(500)]] as [string, Handler][]) {
  test(`${name} is no reason to ask for the PIN`, async () => {
    await fetching(handler);
    assert.equal(readsNoMore((await person(NGOZI))!), false);
  });
}

test('without a reading token nothing is asked', async () => {
  await changePerson(NGOZI, { read: null });
  assert.equal(await fetching(() => assert.fail('asked')), 'sign-in');
});

test('reading shows the reading token, never the one that sends', async () => {
  let token: string | null = null;
  await fetching((_address, init) => {
    token = new Headers(init.headers).get('authorization');
    return reply(snapshot());
  });
  assert.equal(token, 'Bearer read-ngozi');
});

test('a new catalogue pins what is newly assigned', async () => {
  const shelf = new Shelf();
  shelf.offer('bees', { assigned: false });
  const deps = testDeps((address, init) => (address.startsWith('/api/') ? reply(shelf.catalogue()) : shelf.serve(address, init)));
  await fetchCatalogue(deps, NGOZI);
  await download(deps, NGOZI, { module: 'bees' });
  assert.equal((await editions())[0]!.pinned, false);
  shelf.modules[0]!.assigned = true;
  assert.equal(await fetchCatalogue(deps, NGOZI), 'new');
  assert.equal((await editions())[0]!.pinned, true);
});

test('the short list is asked for, and kept so that a phone of an earlier release can read it', async () => {
  const shelf = new Shelf();
  shelf.offer('falls', { summary: 'Get up safely.', due: '2027-01-01', files: [shelf.picture('stairs', 3000)] });
  shelf.offer('bees', { assigned: false, summary: 'Stings.' });
  const asked: string[] = [];
  const deps = testDeps((address) => {
    asked.push(address);
    return reply(shelf.short(), 200, { etag: '"a"' });
  });
  assert.equal(await fetchCatalogue(deps, NGOZI), 'new');
  assert.deepEqual(asked, ['/api/v1/catalogue?form=short']);
  const kept = (await state(NGOZI, 'catalogue'))!.modules.map(({ key, media, media_bytes, assigned, due, summary }) => [key, media, media_bytes, assigned, due, summary]);
  assert.deepEqual(kept, [['falls', [], 3000, true, '2027-01-01', 'Get up safely.'], ['bees', [], undefined, false, null, undefined]]);
  assert.equal(await state(NGOZI, 'etag:catalogue'), '"a"');
});

test('a catalogue that the state just said is the present one is not asked for', async () => {
  const shelf = new Shelf();
  let asked = 0;
  const deps = testDeps(() => {
    asked += 1;
    return reply(shelf.short());
  });
  await fetchCatalogue(deps, NGOZI, 'new');
  assert.equal(asked, 1, 'there was none');
  const says = (catalogue?: string): Promise<void> => setState(NGOZI, { snapshot: { ...snapshot(), ...(catalogue && { catalogue }) } });
  await says('c');
  for (const told of ['same', 'new'] as const) assert.equal(await fetchCatalogue(deps, NGOZI, told), 'same');
  assert.equal(asked, 1);
  // Nobody has said so just now, or it is another, or the server is of an earlier release.
  for (const told of [undefined, 'no-answer', 'sign-in'] as const) await fetchCatalogue(deps, NGOZI, told);
  assert.equal(asked, 4);
  for (const other of ['d', undefined]) {
    await says(other);
    await fetchCatalogue(deps, NGOZI, 'same');
  }
  assert.equal(asked, 6);
});

/** A server with a short list, and what is asked of it. */
const twoModules = (): { shelf: Shelf; asked: string[]; deps: ReturnType<typeof testDeps> } => {
  const shelf = new Shelf();
  shelf.offer('falls', { summary: 'Get up safely.' });
  shelf.offer('bees', { assigned: false, summary: 'Stings and swelling.' });
  const asked: string[] = [];
  const summaries = { falls: 'Get up safely.', bees: 'Stings and swelling.' };
  const deps = testDeps((address) => {
    asked.push(address.slice('/api/v1/'.length));
    return address.endsWith('/summaries') ? reply({ proto: 1, server: SERVER, summaries }, 200, { etag: '"s"' }) : reply(shelf.short(), 200, { etag: '"c"' });
  });
  return { shelf, asked, deps };
};

test('what the other modules are about comes once for each catalogue, and finds them', async () => {
  const { shelf, asked, deps } = twoModules();
  assert.equal(await fetchSummaries(deps, NGOZI), 'same', 'nothing is known to be missing');
  await fetchCatalogue(deps, NGOZI);
  assert.deepEqual(found((await state(NGOZI, 'catalogue'))!.modules, 'swelling'), []);
  assert.deepEqual([await fetchSummaries(deps, NGOZI), await fetchSummaries(deps, NGOZI)], ['new', 'same']);
  assert.deepEqual(asked, ['catalogue?form=short', 'summaries']);
  const { summaries } = (await state(NGOZI, 'summaries'))!;
  assert.deepEqual(found((await state(NGOZI, 'catalogue'))!.modules, 'swelling', summaries).map((module) => module.key), ['bees']);
  await setState(NGOZI, { catalogue: { ...shelf.catalogue(), modules: (await state(NGOZI, 'catalogue'))!.modules, catalogue: 'another' } });
  assert.deepEqual([await fetchSummaries(deps, NGOZI), asked.length], ['new', 3]);
});

test('a catalogue that says it all needs no summaries', async () => {
  const { shelf, asked, deps } = twoModules();
  await setState(NGOZI, { catalogue: shelf.catalogue() });
  assert.deepEqual([await fetchSummaries(deps, NGOZI), asked], ['same', []]);
});

test('summaries that do not come are asked for again', async () => {
  const { shelf, deps } = twoModules();
  await fetchCatalogue(deps, NGOZI);
  const fails: Handler[] = [() => portal(), () => errorReply(404), () => reply({ proto: 1, server: SERVER, summaries: null }), () => Promise.reject(new TypeError('no signal'))];
  for (const handler of fails) assert.equal(await fetchSummaries(testDeps(handler), NGOZI), 'no-answer');
  assert.equal(await state(NGOZI, 'summarised'), undefined);
  assert.equal(shelf.modules.length, 2);
  assert.equal(await fetchSummaries(deps, NGOZI), 'new');
});

test('a withdrawn edition goes as soon as the catalogue says so', async () => {
  const shelf = new Shelf();
  const sha = shelf.offer('falls');
  const deps = testDeps((address, init) => (address.startsWith('/api/') ? reply(shelf.catalogue()) : shelf.serve(address, init)));
  await fetchCatalogue(deps, NGOZI);
  await download(deps, NGOZI);
  shelf.modules.pop();
  shelf.withdrawn = [{ key: 'falls', sha, reason: 'wrong', safety: true }];
  await fetchCatalogue(deps, NGOZI);
  assert.deepEqual([await editions(), deps.caches.addresses('editions')], [[], []]);
});

test('a ping proves the server by its id and the echoed number', async () => {
  assert.equal(await ping(testDeps(new FakeServer().fetch)), SERVER);
  await assert.rejects(ping(testDeps(() => reply({ proto: 1, server: SERVER, n: 'an-old-one', now: 'x' }))), /Not our server/);
  await assert.rejects(ping(testDeps(() => portal())), /Not our server/);
});

test('the clock offset is measured at the middle of the request', async () => {
  await learnOffset(new Date(START + 10_000).toISOString(), START, START + 4000);
  assert.equal(await offset(START + 4000), 8000);
});

test('a request in which the phone\'s clock jumped teaches nothing about the time', async () => {
  await learnOffset(new Date(START + 10_000).toISOString(), START, START - 9000);
  await learnOffset(new Date(START + 10_000).toISOString(), START, START + 86_400_000);
  await learnOffset('yesterday', START, START);
  assert.equal(await offset(START), 0);
});

test('what the server had receipted when it told the state is known to be in it, also when nothing changed', async () => {
  const [record] = await keep(NGOZI, [readLesson(stamp())]);
  await fetching(() => reply(snapshot(), 200, { etag: '"a"' }));
  assert.equal(await state(NGOZI, 'told'), '');
  await changeRecords(NGOZI, [record!.id], (one) => ({ ...one, st: 'receipted', received: '2026-11-22T09:05:00.000Z' }));
  await fetching(() => portal());
  assert.equal(await state(NGOZI, 'told'), '');
  await fetching(() => new Response(null, { status: 304 }));
  assert.equal(await state(NGOZI, 'told'), '2026-11-22T09:05:00.000Z');
});

test('what the server held is called sent once it has judged it, whether or not the rest changed', async () => {
  const ids = (await keep(NGOZI, [readLesson(stamp()), readLesson(stamp())])).map(({ id }) => id);
  await changeRecords(NGOZI, ids, (record) => ({ ...record, st: 'receipted', r: 'held', code: 'unknown-kind', received: '2026-11-22T09:00:00.000Z' }));
  const told = async (handler: Handler): Promise<number> => {
    await fetching(handler);
    return callJudgedSent(NGOZI);
  };
  const words = async (): Promise<unknown[]> => (await records(NGOZI)).map(({ r }) => r);

  assert.equal(await told(() => reply(snapshot())), 0);
  assert.deepEqual(await words(), ['held', 'held'], 'a server of an earlier release says nothing of it');
  assert.equal(await told(() => reply(snapshot({ held: 1, holding: [ids[1]] }), 200, { etag: '"b"' })), 1);
  assert.deepEqual(await words(), ['stored', 'held']);

  const [third] = await keep(NGOZI, [readLesson(stamp())]);
  await changeRecords(NGOZI, [third!.id], (record) => ({ ...record, st: 'receipted', r: 'held', code: 'unknown-kind', received: '2026-11-22T09:05:00.000Z' }));
  assert.equal(await told(() => Promise.reject(new TypeError('no signal'))), 0);
  assert.equal((await records(NGOZI))[2]!.r, 'held', 'nobody has said anything of it yet');
  assert.equal(await told(() => new Response(null, { status: 304 })), 1);
  assert.deepEqual(await words(), ['stored', 'held', 'stored']);
});
