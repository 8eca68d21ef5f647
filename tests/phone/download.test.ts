import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { start } from '../../service_worker/core/attempt.ts';
import { editions, editionsOf, inUse } from '../../service_worker/store/editions.ts';
import { draft, keep, saveDraft, setState } from '../../service_worker/store/person.ts';
import { setValue, value } from '../../service_worker/store/phone.ts';
import { download, picturesWelcome, type DownloadOptions, type DownloadReport, type Progress } from '../../service_worker/sync/download.ts';
import { editionBody, makeRoom } from '../../service_worker/sync/editions.ts';
import { fetchCatalogue } from '../../service_worker/sync/fetch-catalogue.ts';
import { NGOZI, SERVER, Shelf, aPerson, anEdition, joinedPhone, stamp, testDeps, type Handler, type TestDeps } from './support/phone.ts';
import { portal, reply } from './support/server.ts';

const editionInUse = async (module: string) => inUse(await editionsOf(module));

let shelf: Shelf;
let deps: TestDeps;
let asked: string[];
/** Does the server give several files in one reply? One of an earlier release has no such address. */
let lots: boolean;

beforeEach(async () => {
  await joinedPhone();
  shelf = new Shelf();
  asked = [];
  lots = false;
  deps = testDeps(() => new Response('', { status: 404 }));
  serving(shelf.serve);
});

const serving = (handler: Handler): void => {
  deps.fetch = async (address, init) => {
    if (address.startsWith('/together/') && !lots) return new Response('', { status: 404 });
    asked.push(address);
    return handler(address, init);
  };
};
/** What the newest server lists is fetched and kept as a phone does it; what is asked for after that is counted. */
const get = async (options: DownloadOptions = {}, personId = NGOZI): Promise<DownloadReport> => {
  assert.notEqual(await fetchCatalogue({ ...deps, fetch: async () => reply(shelf.short()) }, personId), 'no-answer');
  return download(deps, personId, options);
};
const finishedWith = (...modules: string[]): Promise<void> =>
  setState(NGOZI, {
    snapshot: {
      proto: 1, server: SERVER, now: '', person: { id: NGOZI, name: '' }, provider: { id: '', name: '', contact: '' }, assignments: [], results: [], resets: {}, held: 0, messages: [], standards: [],
      modules: Object.fromEntries(modules.map((key) => [key, { status: 'in-date' as const, completed_at: '2026-01-01T00:00:00.000Z', valid_until: null, due: null, edition: 1 }])),
    },
  });

test('an assigned module is fetched with its pictures and is then on this phone', async () => {
  const sha = shelf.offer('falls', { files: [shelf.picture('stairs')] });
  const report = await get();
  assert.deepEqual([report.end, report.complete, report.asking], ['done', ['falls'], 0]);
  const row = (await editionInUse('falls'))!;
  assert.deepEqual([row.sha, row.complete, row.pinned, row.media.length], [sha, true, true, 1]);
  assert.equal((await editionBody(deps, sha))!.key, 'falls');
});

test('what a phone of an earlier release kept of the catalogue is enough', async () => {
  const sha = shelf.offer('falls', { bytes: 700, files: [shelf.picture('stairs'), shelf.sound('bell')] });
  await setState(NGOZI, { catalogue: shelf.catalogue() });
  const seen: number[] = [];
  assert.deepEqual((await download(deps, NGOZI, { onProgress: ({ total }) => seen.push(total) })).complete, ['falls']);
  assert.deepEqual([new Set(seen), (await editionInUse('falls'))?.sha], [new Set([11_700]), sha]);
});

test('pictures that did not come are found by the edition that lists them', async () => {
  shelf.offer('falls', { bytes: 700, files: [shelf.picture('stairs', 3000), shelf.picture('rug', 1000)] });
  await get({ media: false });
  asked.length = 0;
  const seen: Progress[] = [];
  const report = await get({ onProgress: (progress) => seen.push(progress) });
  assert.deepEqual([report.complete, asked.length, seen[0]!.total], [['falls'], 2, 4000]);
});

test('a line that breaks off says what pictures are still to be asked about', async () => {
  shelf.offer('falls', { files: [shelf.picture('stairs', 3000)] });
  deps.line = { saveData: false, type: 'cellular' };
  serving(() => Promise.reject(new TypeError('no signal')));
  const report = await get();
  assert.deepEqual([report.end, report.asking], ['no-answer', 3000]);
});

test('electives nobody asked for are not fetched', async () => {
  shelf.offer('bees', { assigned: false });
  await get();
  assert.deepEqual(asked, []);
});

test('a tap fetches an elective with its pictures, and nothing else', async () => {
  shelf.offer('falls');
  const sha = shelf.offer('bees', { assigned: false, files: [shelf.picture('hive')] });
  const report = await get({ module: 'bees' });
  assert.deepEqual([report.complete, asked[0], asked.length], [['bees'], `/e/${sha}`, 2]);
});

test("a provider's own modules come unasked, and only they are fetched with the reading token", async () => {
  const own = shelf.offer('gate', { assigned: false, private: true, files: [shelf.picture('latch')] });
  const falls = shelf.offer('falls', { files: [shelf.picture('stairs')] });
  const shown: { [address: string]: string | null } = {};
  serving((address, init) => {
    const token = new Headers(init?.headers).get('authorization');
    shown[address] = token;
    const secret = address === `/e/${own}` || address === `/m/${shelf.modules[0]!.media[0]!.sha}.svg`;
    return secret && token !== 'Bearer read-ngozi' ? new Response('', { status: 404 }) : shelf.serve(address, init);
  });
  const report = await get();
  assert.deepEqual([...report.complete].sort(), ['falls', 'gate']);
  assert.deepEqual([shown[`/e/${own}`], shown[`/e/${falls}`]], ['Bearer read-ngozi', null]);
  assert.deepEqual(Object.values(shown).filter(Boolean).length, 2);
});

test('a reading token that has ended holds up nothing that is for everybody', async () => {
  for (const key of ['gate', 'keys', 'dogs', 'bins']) shelf.offer(key, { private: true });
  shelf.offer('zebra', { due: '2999-01-01' });
  serving((address, init) => (new Headers(init?.headers).has('authorization') ? new Response('', { status: 404 }) : shelf.serve(address, init)));
  const report = await get();
  assert.deepEqual([report.end, report.complete, report.damaged.length], ['done', ['zebra'], 4]);
});

test('texts come first: under way, then by due date, then what is done; pictures and sound follow', async () => {
  const later = shelf.offer('later', { due: '2027-02-01', files: [shelf.picture('p2')] });
  const soon = shelf.offer('soon', { due: '2026-12-01', files: [shelf.sound('s'), shelf.picture('p1')] });
  const begun = shelf.offer('begun', { due: '2027-05-01' });
  const ended = shelf.offer('ended', { due: '2026-11-01' });
  await finishedWith('ended');
  await saveDraft(NGOZI, start(anEdition('begun'), begun, stamp()));
  await get();
  assert.deepEqual(asked.slice(0, 4), [begun, soon, later, ended].map((sha) => `/e/${sha}`));
  assert.deepEqual(asked.slice(4).map((address) => address.split('.')[1]), ['svg', 'svg', 'mp3']);
});

test('what is here is not fetched again', async () => {
  shelf.offer('falls', { files: [shelf.picture('stairs')] });
  await get();
  const before = asked.length;
  const report = await get();
  assert.deepEqual([asked.length, report.complete, report.end], [before, [], 'done']);
});

test('a portal\'s page is never stored as a lesson', async () => {
  shelf.offer('falls');
  serving(() => portal());
  const report = await get();
  assert.equal(report.damaged.length, 1);
  assert.deepEqual([await editions(), deps.caches.addresses('editions')], [[], []]);
});

test('a damaged file is left out, the others come, and it is fetched the next time', async () => {
  const bad = shelf.offer('bad', { due: '2026-12-01' });
  shelf.offer('good', { due: '2026-12-02' });
  serving((address, init) => (address === `/e/${bad}` ? new Response('{"format":1}') : shelf.serve(address, init)));
  const report = await get();
  assert.deepEqual([report.damaged, report.complete], [[`/e/${bad}`], ['good']]);
  serving(shelf.serve);
  assert.deepEqual((await get()).complete, ['bad']);
});

test('after three damaged files in a row the line is left alone', async () => {
  for (const key of ['a', 'b', 'c', 'd', 'e']) shelf.offer(key);
  serving(() => portal());
  const report = await get();
  assert.deepEqual([report.end, asked.length], ['no-answer', 3]);
});

test('a download that lost its signal goes on where it was', async () => {
  for (const key of ['a', 'b', 'c']) shelf.offer(key);
  let left = 1;
  serving((address, init) => {
    if (left-- <= 0) throw new TypeError('no signal');
    return shelf.serve(address, init);
  });
  assert.equal((await get()).end, 'no-answer');
  assert.equal((await editions()).length, 1);
  serving(shelf.serve);
  asked = [];
  assert.deepEqual([(await get()).end, asked.length, (await editions()).length], ['done', 2, 3]);
});

test('a file cut off on the way is not stored', async () => {
  const sha = shelf.offer('falls');
  serving(() => new Response(shelf.files.get(`/e/${sha}`)!.slice(0, 60) as Uint8Array<ArrayBuffer>));
  await get();
  assert.deepEqual(deps.caches.addresses('editions'), []);
});

test('a download can be paused and taken up again', async () => {
  for (const key of ['a', 'b', 'c']) shelf.offer(key);
  const pause = new AbortController();
  const report = await get({ signal: pause.signal, onProgress: (progress) => progress.done > 0 && pause.abort() });
  assert.deepEqual([report.end, (await editions()).length], ['paused', 1]);
  assert.deepEqual([(await get()).end, (await editions()).length], ['done', 3]);
});

test('progress tells bytes done of bytes in all', async () => {
  shelf.offer('falls', { bytes: 700, files: [shelf.picture('stairs', 2000)] });
  const seen: Progress[] = [];
  await get({ onProgress: (progress) => seen.push(progress) });
  assert.deepEqual(seen.map((one) => [one.done, one.total, one.module]), [[0, 2700, 'falls'], [700, 2700, 'falls'], [700, 2700, 'falls'], [2700, 2700, 'falls']]);
});

test('pictures wait for Wi-Fi, for a tap, or where nobody knows for the setting', () => {
  assert.equal(picturesWelcome({ saveData: false, type: 'wifi' }, true), true);
  assert.equal(picturesWelcome({ saveData: false, type: 'cellular' }, false), false);
  assert.equal(picturesWelcome({ saveData: true, type: 'wifi' }, false), false);
  assert.deepEqual([picturesWelcome(null, false), picturesWelcome(null, true)], [true, false]);
});

test('on mobile data the text comes, and the size of the pictures is asked about', async () => {
  shelf.offer('falls', { files: [shelf.picture('stairs', 3000)] });
  deps.line = { saveData: false, type: 'cellular' };
  const report = await get();
  assert.deepEqual([report.asking, report.complete, (await editionInUse('falls'))?.complete], [3000, [], false]);
  assert.deepEqual([(await get({ media: true })).complete], [['falls']]);
});

test('more than 5 MB of pictures are asked about even on Wi-Fi', async () => {
  shelf.offer('falls', { files: [{ ...shelf.picture('film'), bytes: 6_000_000 }] });
  deps.line = { saveData: false, type: 'wifi' };
  assert.equal((await get()).asking, 6_000_000);
});

test('a picture two modules show is fetched once and completes both', async () => {
  const stairs = shelf.picture('stairs');
  shelf.offer('falls', { files: [stairs] });
  shelf.offer('home', { files: [stairs] });
  const report = await get();
  assert.deepEqual([report.complete.sort(), asked.filter((address) => address.startsWith('/m/')).length], [['falls', 'home'], 1]);
});

test('a newer edition takes over only when it is complete', async () => {
  const old = shelf.offer('falls', { files: [shelf.picture('stairs')] });
  await get();
  const newer = shelf.offer('falls', { edition: 2, files: [shelf.picture('rug')] });
  await get({ media: false });
  assert.equal((await editionInUse('falls'))!.sha, old);
  await get();
  assert.equal((await editionInUse('falls'))!.sha, newer);
  assert.equal((await editions()).length, 1);
  assert.deepEqual([deps.caches.addresses('editions').length, deps.caches.addresses('media').length], [1, 1]);
});

test('an attempt under way keeps its edition until it is finished', async () => {
  const old = shelf.offer('falls');
  await get();
  await saveDraft(NGOZI, start(anEdition('falls'), old, stamp()));
  const newer = shelf.offer('falls', { edition: 2 });
  await get();
  assert.equal((await editionInUse('falls'))!.sha, newer);
  assert.equal((await editionBody(deps, old))!.edition, 1);
  await keep(NGOZI, [], { finishes: (await draft(NGOZI, 'falls'))! });
  await get();
  assert.equal(await editionBody(deps, old), null);
});

test('a withdrawn edition leaves the phone at the next contact', async () => {
  const sha = shelf.offer('falls');
  await get();
  shelf.modules.pop();
  shelf.withdrawn = [{ key: 'falls', sha, reason: 'wrong', safety: true }];
  await get();
  assert.deepEqual([await editions(), deps.caches.addresses('editions')], [[], []]);
});

test('a withdrawn edition with an attempt under way stays, marked, and is not begun anew', async () => {
  const sha = shelf.offer('falls');
  await get();
  await saveDraft(NGOZI, start(anEdition('falls'), sha, stamp()));
  shelf.modules.pop();
  shelf.withdrawn = [{ key: 'falls', sha, reason: 'wrong', safety: false }];
  await get();
  assert.equal((await editions())[0]!.withdrawn, true);
  assert.equal(await editionInUse('falls'), undefined);
});

test('a module that is no longer on offer does not vanish from the phone', async () => {
  const sha = shelf.offer('falls');
  await get();
  shelf.modules.pop();
  await get();
  assert.deepEqual((await editions()).map((row) => [row.sha, row.complete, row.pinned]), [[sha, true, false]]);
});

test('a cache the browser emptied is noticed and filled again', async () => {
  shelf.offer('falls', { files: [shelf.picture('stairs')] });
  await get();
  deps.caches.all.clear();
  const report = await get();
  assert.deepEqual([report.complete, deps.caches.addresses('media').length], [['falls'], 1]);
});

test('the very edition of an attempt under way is fetched again when its text was lost', async () => {
  const old = shelf.offer('falls');
  await get();
  await saveDraft(NGOZI, start(anEdition('falls'), old, stamp()));
  shelf.offer('falls', { edition: 2 });
  deps.caches.all.clear();
  await get();
  assert.equal((await editionBody(deps, old))!.edition, 1);
});

test('the glossary comes with the first text and is replaced by a newer one', async () => {
  shelf.offer('falls');
  const first = shelf.words({ hoist: 'A lifting aid.' });
  await get();
  assert.equal(await value('glossary'), first);
  const second = shelf.words({ hoist: 'A machine that lifts.' });
  await get();
  assert.equal(await value('glossary'), second);
  assert.ok(!deps.caches.addresses('editions').includes(`/e/${first}`));
});

test('an edition in a format of the future is left alone', async () => {
  const sha = shelf.offer('falls');
  const bytes = new TextEncoder().encode('{"format":2}');
  shelf.files.set(`/e/${sha}`, bytes);
  const { hexOf } = await import('./support/phone.ts');
  shelf.files.set(`/e/${hexOf(bytes)}`, bytes);
  shelf.modules[0]!.sha = hexOf(bytes);
  assert.equal((await get()).end, 'done');
  assert.deepEqual(await editions(), []);
});

test('room for records is never used up by lessons', async () => {
  shelf.offer('falls');
  deps.free = 5 * 1024 * 1024;
  const report = await get();
  assert.deepEqual([report.end, await editions()], ['no-room', []]);
});

test('on a full phone pictures of finished modules go first, and their text stays', async () => {
  shelf.offer('done', { files: [shelf.picture('old', 4000)] });
  await get();
  await finishedWith('done');
  shelf.offer('next');
  deps.room = async () => 5 * 1024 * 1024 + 4000 - deps.caches.bytes + 1000;
  const report = await get();
  assert.equal(report.end, 'done');
  assert.deepEqual(deps.caches.addresses('media'), []);
  assert.deepEqual((await editions()).map((row) => [row.module, row.complete]).sort(), [['done', false], ['next', true]]);
});

test('a picture that another module still shows is not dropped with a finished one', async () => {
  const stairs = shelf.picture('stairs');
  shelf.offer('done', { files: [stairs, shelf.picture('old')] });
  shelf.offer('todo', { files: [stairs] });
  await get();
  await finishedWith('done');
  await makeRoom(deps);
  assert.deepEqual(deps.caches.addresses('media'), [`/m/${stairs.sha}.svg`]);
  assert.equal((await editionInUse('todo'))!.complete, true);
});

test('then electives go, longest unused first, and assigned ones never', async () => {
  shelf.offer('assigned');
  shelf.offer('older', { assigned: false });
  shelf.offer('newer', { assigned: false });
  await get();
  await get({ module: 'older' });
  deps.clock.now += 1000;
  await get({ module: 'newer' });
  const size = shelf.files.get(`/e/${shelf.modules[1]!.sha}`)!.length;
  const before = deps.caches.bytes;
  deps.room = async () => before - deps.caches.bytes;
  assert.equal(await makeRoom(deps, size - 5), true);
  assert.deepEqual((await editions()).map((row) => row.module).sort(), ['assigned', 'newer']);
  assert.equal(await makeRoom(deps, 1e9), false);
  assert.deepEqual((await editions()).map((row) => row.module), ['assigned']);
});

test('a module still to do for anybody on the phone counts as not finished', async () => {
  await joinedPhone(aPerson(), aPerson({ id: 'person-tom', dev: 'dev-tom' }));
  shelf.offer('falls', { files: [shelf.picture('stairs')] });
  await get();
  await finishedWith('falls');
  await setState('person-tom', { catalogue: shelf.catalogue() });
  await makeRoom(deps);
  assert.equal(deps.caches.addresses('media').length, 1);
});

test('pictures of finished modules are not fetched again by themselves, but by a tap', async () => {
  shelf.offer('done', { files: [shelf.picture('old')] });
  await finishedWith('done');
  assert.deepEqual((await get()).complete, []);
  assert.deepEqual((await get({ module: 'done' })).complete, ['done']);
});

test('when a write finds the phone full, room is made and it is tried once more', async () => {
  shelf.offer('done', { files: [shelf.picture('old')] });
  await get();
  await finishedWith('done');
  shelf.offer('next');
  deps.caches.full = 1;
  assert.equal((await get()).end, 'done');
  assert.equal((await editionInUse('next'))!.complete, true);
});

test('when the phone stays full the download says so and keeps what it has', async () => {
  shelf.offer('first');
  await get();
  shelf.offer('second');
  deps.caches.full = 99;
  assert.equal((await get()).end, 'no-room');
  assert.deepEqual((await editions()).map((row) => row.module), ['first']);
});

test('two tabs do not download beside each other', async () => {
  shelf.offer('falls');
  await setState(NGOZI, { catalogue: shelf.catalogue() });
  const [one, other] = await Promise.all([download(deps, NGOZI), download(deps, NGOZI)]);
  assert.deepEqual([one.ran, other.ran, asked.length], [true, false, 1]);
});

test('before the catalogue was ever seen there is nothing to fetch', async () => {
  assert.equal((await download(deps, NGOZI)).end, 'nothing-known');
});

test('"Wi-Fi only" holds pictures back where the phone does not say what it is on', async () => {
  await setValue('settings', { wifiOnly: true });
  shelf.offer('falls', { files: [shelf.picture('stairs', 900)] });
  assert.equal((await get()).asking, 900);
});

test('what is stored carries headers of ours, under which a picture can run nothing', async () => {
  const picture = shelf.picture('stairs');
  shelf.offer('falls', { files: [picture] });
  serving((address, init) => {
    const answer = shelf.serve(address, init) as Response;
    return new Response(answer.body, { headers: { 'content-type': 'text/html' } });
  });
  await get();
  const stored = await (await deps.caches.open('media')).match(`/m/${picture.sha}.svg`);
  assert.equal(stored!.headers.get('content-type'), 'image/svg+xml');
  assert.match(stored!.headers.get('content-security-policy')!, /default-src 'none'.*sandbox/);
});

test('a text that was damaged after it came is noticed and fetched again; what could not be read is not shown', async () => {
  const shas = [shelf.offer('falls'), shelf.offer('hands')];
  await get();
  const stored = deps.caches.all.get('editions')!.stored;
  for (const [place, sha] of shas.entries()) {
    const file = stored.get(`/e/${sha}`)!;
    // One stays readable JSON, the other breaks off.
    const body = place ? file.body.slice(0, 40) : Buffer.from(Buffer.from(file.body).toString().replace('"edition":1', '"edition":9'));
    stored.set(`/e/${sha}`, { ...file, body });
  }
  asked.length = 0;
  assert.deepEqual([await editionBody(deps, shas[0]!), (await get()).end], [null, 'done']);
  assert.deepEqual([...asked].sort(), shas.map((sha) => `/e/${sha}`).sort());
  for (const [place, sha] of shas.entries()) assert.equal((await editionBody(deps, sha))!.key, ['falls', 'hands'][place]);
});

test('a withdrawn edition that comes again for a go under way is for that go alone', async () => {
  const sha = shelf.offer('falls');
  await get();
  await saveDraft(NGOZI, start(anEdition('falls'), sha, stamp()));
  shelf.modules.length = 0;
  shelf.withdrawn = [{ key: 'falls', sha, reason: 'Wrong', safety: true }];
  deps.caches.all.clear();
  await get();
  assert.deepEqual([(await editionBody(deps, sha))!.key, await editionInUse('falls')], ['falls', undefined]);
});

/** A reply of several files, as the server makes it. `hold` says which it leaves to be asked for one by one. */
const together = (address: string, hold: (sha: string) => boolean = () => false): Response => {
  const files = address.split('/')[2]!.split(',').map((sha) => {
    const found = [...shelf.files].find(([at]) => at.includes(sha))?.[1];
    return !found || hold(sha) ? null : found;
  });
  return new Response(new Blob([`${JSON.stringify(files.map((file) => file?.length ?? null))}\n`, ...files.filter((file) => file !== null)] as BlobPart[]));
};
const servingLots = (lot: Handler = (address) => together(address)): void => {
  lots = true;
  serving((address, init) => (address.startsWith('/together/') ? lot(address, init) : shelf.serve(address, init)));
};

test('what one request can bring is asked for at once', async () => {
  const keys = Array.from({ length: 8 }, (_, number) => `module-${number}`);
  for (const key of keys) shelf.offer(key, { bytes: 2500, files: [shelf.picture(key)] });
  servingLots();
  const report = await get();
  assert.deepEqual([report.end, [...report.complete].sort()], ['done', keys]);
  // Two of 2,500 bytes first, so that the next lesson is soon here; then the others; then all pictures.
  assert.deepEqual(asked.map((address) => address.split(',').length), [2, 6, 8]);
});

test('of what came together only what is right is stored, and the rest is asked for by itself', async () => {
  const [bad, held, good] = ['a', 'b', 'c'].map((key) => shelf.offer(key));
  const real = shelf.files.get(`/e/${bad}`)!;
  servingLots((address) => {
    shelf.files.set(`/e/${bad}`, real.slice().fill(32, 0, 9));
    const lot = together(address, (sha) => sha === held);
    shelf.files.set(`/e/${bad}`, real);
    return lot;
  });
  const report = await get();
  assert.deepEqual([report.end, report.complete.length, report.damaged], ['done', 3, []]);
  assert.deepEqual(asked.slice(1), [`/e/${bad}`, `/e/${held}`]);
  assert.ok(asked[0]!.includes(good!));
});

test('whoever cannot answer with several files is asked for one by one, and not again for several', async () => {
  for (const key of ['a', 'b', 'c']) shelf.offer(key, { bytes: 10_000 });
  for (const answer of [(): Response => new Response('', { status: 404 }), (): Response => portal(), (): Response => reply({}), (): Response => new Response('[1')]) {
    await joinedPhone();
    asked = [];
    servingLots(answer);
    const report = await get();
    assert.deepEqual([report.end, report.damaged, asked.length], ['done', [], 4]);
  }
});

test("a provider's own modules do not come together with others", async () => {
  shelf.offer('gate', { private: true });
  shelf.offer('falls');
  shelf.offer('bees');
  servingLots();
  assert.equal((await get()).complete.length, 3);
  assert.ok(!asked.some((address) => address.startsWith('/together/') && address.includes(shelf.modules[0]!.sha)));
});

test('a signal that goes while several files come loses none that are here', async () => {
  for (const key of ['a', 'b', 'c', 'd']) shelf.offer(key, { bytes: 3000 });
  let left = 1;
  servingLots((address) => {
    if (left-- <= 0) throw new TypeError('no signal');
    return together(address);
  });
  assert.equal((await get()).end, 'no-answer');
  assert.equal((await editions()).length, 2);
  servingLots();
  assert.deepEqual([(await get()).end, (await editions()).length], ['done', 4]);
});
