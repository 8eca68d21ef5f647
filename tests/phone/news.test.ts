/** What is new comes by one question, in parts; the same question compares what the server holds. */
import assert from 'node:assert/strict';
import { beforeEach, test, type TestContext } from 'node:test';
import type { CatalogueModule } from '../../service_worker/core/api.ts';
import { digest } from '../../service_worker/core/digest.ts';
import { figures, partOf } from '../../service_worker/core/parts.ts';
import { round } from '../../service_worker/page/app-frame.ts';
import { firstFetch } from '../../service_worker/page/enrol.ts';
import { open } from '../../service_worker/page/opened.ts';
import { glossary } from '../../service_worker/page/word-meaning.ts';
import { editions } from '../../service_worker/store/editions.ts';
import { setState, state } from '../../service_worker/store/person.ts';
import { changePerson, person, putPerson, setValue, value } from '../../service_worker/store/phone.ts';
import { download } from '../../service_worker/sync/download.ts';
import { fetchNews, fetchRest, newsFromPage, restIsHere } from '../../service_worker/sync/fetch-news.ts';
import { sendAll } from '../../service_worker/sync/send.ts';
import { NGOZI, SERVER, START, Shelf, aPerson, joinedPhone, keepSome, sha256, testDeps, type TestDeps } from './support/phone.ts';
import { FakeServer, errorReply, portal, reply } from './support/server.ts';

/** The server's half as the contract describes it: it sends what is not as the phone says it has it. */
class Newsroom {
  readonly shelf = new Shelf();
  readonly log = new FakeServer();
  readonly asked: string[] = [];
  held = 0;
  topics: string[] = [];
  /** Asked for though no longer offered, as a server goes on saying. */
  askedStill: string[] = [];
  words: { [word: string]: string } = { stroke: 'A loss of blood to the brain.' };
  /** What a test does to a finished answer. */
  tamper: (answer: Response) => Response | Promise<Response> = (answer) => answer;

  readonly fetch = async (address: string, init: RequestInit): Promise<Response> => {
    const path = address.replace('/api/v1/', '');
    this.asked.push(path);
    if (path === 'news') return this.tamper(await this.news(new Headers(init.headers)));
    if (path === 'library') return reply({ proto: 1, server: SERVER, parts: this.parts(this.others, new Headers(init.headers).get('bv-here') ?? '') });
    return address.startsWith('/api/') ? this.log.fetch(address, init) : this.shelf.serve(address, init);
  };

  private get entries(): CatalogueModule[] {
    return this.shelf.modules.map(({ media, assigned: _a, due: _d, ...module }) => ({ ...module, ...(media.length ? { media_bytes: media.reduce((sum, one) => sum + one.bytes, 0) } : {}) }) as CatalogueModule);
  }
  private is(key: string): boolean {
    const { assigned, private: theirs } = this.shelf.modules.find((module) => module.key === key)!;
    return assigned || theirs === true;
  }
  get own(): CatalogueModule[] {
    return this.entries.filter(({ key }) => this.is(key));
  }
  get others(): CatalogueModule[] {
    return this.entries.filter(({ key }) => !this.is(key));
  }

  private parts(modules: CatalogueModule[], known: string): { [part: string]: CatalogueModule[] } {
    const now = figures(modules).parts;
    const found: { [part: string]: CatalogueModule[] } = {};
    for (let part = 0; part < 16; part += 1) {
      if (now.slice(part * 8, part * 8 + 8) !== known.slice(part * 8, part * 8 + 8)) found[part] = modules.filter(({ key }) => partOf(key) === part);
    }
    return found;
  }

  private async news(headers: Headers): Promise<Response> {
    const [one, two, three, known = '', library] = (headers.get('bv-here') ?? '').split('.');
    const assignments = [...this.shelf.modules.filter((module) => module.assigned), ...this.askedStill.map((key) => ({ key, due: null }))].map(({ key, due }) => ({ module: key, due, assigned_at: '' }));
    const snapshot = { proto: 1, server: SERVER, now: '', person: { id: NGOZI, name: 'Ngozi' }, provider: { id: 'bramble', name: 'Bramble', contact: '' }, assignments, results: [], modules: {}, resets: {}, held: this.held, messages: [], standards: [] };
    const about = { glossary: this.shelf.glossary, topics: this.topics.map((key) => ({ pack: 'core', key, title: key, standard: null })), withdrawn: this.shelf.withdrawn };
    const here = [snapshot, about, this.words].map((said) => JSON.stringify(said).replaceAll('.', ''));
    const parts = this.parts(this.own, known);
    const now = figures(this.others).folded;
    const [word, ...devs] = (headers.get('bv-held') ?? '').split(' ');
    const held = await Promise.all(devs.map(async (dev) => digest(this.log.ids(dev), sha256).then(({ n, x }) => `${n}:${x}`)));
    const told = { 'bv-held': [word, this.log.now, ...held].join(' ') };
    const same = [one === here[0], two === here[1], three === here[2]];
    if (same.every(Boolean) && !Object.keys(parts).length && library === now) return new Response(null, { status: 204, headers: told });
    return reply({ proto: 1, server: SERVER, here: here.join('.'), library: now, ...(!same[0] && { state: snapshot }), ...(!same[1] && { about }), ...(!same[2] && { words: this.words }), ...(Object.keys(parts).length && { own: parts }) }, 200, told);
  }
}

let room: Newsroom;
let deps: TestDeps;
const modules = async () => (await state(NGOZI, 'catalogue'))!.modules.map(({ key, edition, assigned }) => `${key} ${edition}${assigned ? ' asked' : ''}`).sort();
const news = () => fetchNews(deps, NGOZI);
const HOUR = 3_600_000;

beforeEach(async () => {
  await joinedPhone();
  await setValue('person', NGOZI);
  room = new Newsroom();
  deps = testDeps(room.fetch);
  room.shelf.offer('falls', { due: '2027-01-01' });
  room.shelf.offer('stroke');
  room.shelf.offer('bees', { assigned: false, summary: 'Stings.' });
});

test('the first news bring what concerns the person, and the list of all others waits', async () => {
  assert.equal(await news(), 'new');
  assert.deepEqual(await modules(), ['falls 1 asked', 'stroke 1 asked']);
  assert.deepEqual((await state(NGOZI, 'catalogue'))!.modules.map(({ due, media }) => [due, media]), [['2027-01-01', []], [null, []]], 'as the release before relies on');
  assert.equal((await state(NGOZI, 'snapshot'))!.person.name, 'Ngozi');
  assert.equal(await restIsHere(NGOZI), false);
  assert.equal(await fetchRest(deps, NGOZI), 'new');
  assert.equal(await restIsHere(NGOZI), true);
  assert.deepEqual(await modules(), ['bees 1', 'falls 1 asked', 'stroke 1 asked']);
});

test('news that came with the page after the PIN are kept as if they had been fetched, once', async () => {
  const came = async (change: object = {}) => JSON.stringify({ ...((await (await room.fetch('/api/v1/news', {})).json()) as object), ...change });
  assert.equal(await newsFromPage(deps, NGOZI, await came({ state: { person: { id: 'kofi' }, results: [], assignments: [], modules: {} } })), false, 'of somebody else');
  assert.equal(await newsFromPage(deps, NGOZI, await came({ here: 7 })), false, 'of another shape');
  assert.equal(await state(NGOZI, 'snapshot'), undefined);
  assert.equal(await newsFromPage(deps, NGOZI, await came()), true);
  assert.deepEqual([await modules(), await state(NGOZI, 'words'), await state(NGOZI, 'asked')], [['falls 1 asked', 'stroke 1 asked'], room.words, START]);
  room.asked.length = 0;
  assert.deepEqual([await fetchRest(deps, NGOZI), await news(), room.asked], ['new', 'same', ['library', 'news']]);
  // Whoever is known here may have sent things meanwhile: then the server is asked.
  assert.equal(await newsFromPage(deps, NGOZI, await came()), false);
});

test('with everything here one empty answer is all', async () => {
  await news();
  await fetchRest(deps, NGOZI);
  let status = 0;
  room.tamper = (answer) => {
    status = answer.status;
    return answer;
  };
  assert.deepEqual([await news(), status, await fetchRest(deps, NGOZI)], ['same', 204, 'same']);
  assert.deepEqual(room.asked, ['news', 'library', 'news']);
});

test('one changed module brings its part, and the rest stays', async () => {
  await news();
  await fetchRest(deps, NGOZI);
  room.shelf.offer('falls', { edition: 2 });
  let parts: string[] = [];
  room.tamper = async (answer) => {
    const said = (await answer.clone().json()) as { own: { [part: string]: unknown }; state?: unknown };
    parts = Object.keys(said.own);
    return answer;
  };
  assert.equal(await news(), 'new');
  assert.deepEqual(parts, [String(partOf('falls'))]);
  assert.deepEqual(await modules(), ['bees 1', 'falls 2 asked', 'stroke 1 asked']);
});

test('what is no longer offered leaves, and what is asked for from now on moves', async () => {
  await news();
  await fetchRest(deps, NGOZI);
  room.shelf.modules.splice(room.shelf.modules.findIndex(({ key }) => key === 'stroke'), 1);
  room.askedStill = ['stroke'];
  room.shelf.modules.find(({ key }) => key === 'bees')!.assigned = true;
  await news();
  assert.deepEqual(await modules(), ['bees 1 asked', 'falls 1 asked']);
  room.shelf.modules.find(({ key }) => key === 'bees')!.assigned = false;
  await news();
  await fetchRest(deps, NGOZI);
  assert.deepEqual(await modules(), ['bees 1', 'falls 1 asked']);
  assert.equal(await restIsHere(NGOZI), true);
});

test('another edition of a module of the others comes with the next quiet look', async () => {
  await news();
  await fetchRest(deps, NGOZI);
  room.shelf.offer('bees', { assigned: false, edition: 2 });
  assert.equal(await news(), 'same', 'nothing that stands on a screen changed');
  assert.equal(await fetchRest(deps, NGOZI), 'new');
  assert.deepEqual(await modules(), ['bees 2', 'falls 1 asked', 'stroke 1 asked']);
});

test('lessons come, and a withdrawn one leaves, as with a whole catalogue', async () => {
  await news();
  await download(deps, NGOZI);
  assert.deepEqual((await editions()).map(({ module, pinned }) => [module, pinned]).sort(), [['falls', true], ['stroke', true]]);
  const gone = room.shelf.modules.find(({ key }) => key === 'falls')!;
  room.shelf.withdrawn = [{ key: 'falls', sha: gone.sha, reason: 'Wrong.', safety: true }];
  room.shelf.modules.splice(room.shelf.modules.indexOf(gone), 1);
  assert.equal(await news(), 'new');
  assert.deepEqual((await editions()).map(({ module }) => module), ['stroke']);
});

test('the meanings of the lessons come with the news, and all meanings only for a lesson of the others', async () => {
  const sha = room.shelf.words({ stroke: 'Of the whole glossary.', sting: 'What a bee does.' });
  await news();
  await fetchRest(deps, NGOZI);
  await download(deps, NGOZI);
  assert.deepEqual((await glossary(deps)).words, room.words);
  assert.ok(!(await value('glossary')));
  await download(deps, NGOZI, { module: 'bees' });
  await download(deps, NGOZI);
  assert.equal(await value('glossary'), sha);
  assert.deepEqual((await glossary(deps)).words, { ...room.words, sting: 'What a bee does.' });
});

test('a phone of an earlier release keeps its list and asks only for what it lacks', async () => {
  const before = { ...room.shelf.catalogue(), modules: room.shelf.modules.map((module) => ({ ...module, ...(module.assigned ? {} : { summary: undefined }) })) };
  await setState(NGOZI, { catalogue: before as never, 'etag:catalogue': '"old"', 'etag:state': '"old"' });
  assert.equal(await news(), 'new');
  assert.deepEqual(await modules(), ['bees 1', 'falls 1 asked', 'stroke 1 asked'], 'Learn never shrinks');
  assert.deepEqual([await state(NGOZI, 'etag:catalogue'), await state(NGOZI, 'etag:state')], [undefined, undefined], 'put back, it asks anew');
  assert.equal(await fetchRest(deps, NGOZI), 'new');
  assert.equal((await state(NGOZI, 'catalogue'))!.modules.find(({ key }) => key === 'bees')!.summary, 'Stings.');
});

test('a server of an earlier release is asked as before, and after it news begin anew', async () => {
  await news();
  const earlier: string[] = [];
  const old = testDeps(async (address) => {
    earlier.push(address.replace('/api/v1/', ''));
    if (address.endsWith('/news')) return errorReply(404, 'not-found');
    if (address.endsWith('/state')) return reply({ ...(await state(NGOZI, 'snapshot')), held: 3 }, 200, { etag: '"s"' });
    if (address.endsWith('/summaries')) return reply({ proto: 1, server: SERVER, summaries: { bees: 'Stings.' } });
    return reply(room.shelf.short(), 200, { etag: '"c"' });
  });
  assert.equal(await fetchNews(old, NGOZI), 'new');
  assert.equal(await fetchRest(old, NGOZI), 'new');
  assert.deepEqual(earlier, ['news', 'state', 'catalogue?form=short', 'summaries']);
  assert.deepEqual([(await state(NGOZI, 'snapshot'))!.held, await modules()], [3, ['bees 1', 'falls 1 asked', 'stroke 1 asked']]);
  assert.equal(await news(), 'new');
  assert.equal((await state(NGOZI, 'snapshot'))!.held, 0, 'nothing of before is taken for known');
});

test('what a portal or another server says is no news', async () => {
  await news();
  const kept = await state(NGOZI, 'catalogue');
  for (const answer of [() => portal(), () => portal(401), () => new Response(null, { status: 204 }), () => portal(404), () => reply({ proto: 1, server: 'server-2', here: '', library: '' })]) {
    room.tamper = answer;
    assert.equal(await news(), 'no-answer');
  }
  assert.deepEqual(await state(NGOZI, 'catalogue'), kept);
});

test('an answer that was kept on the way is no news, and teaches no time', async () => {
  let first: Response | null = null;
  room.tamper = (answer) => {
    first ??= answer.clone();
    return answer;
  };
  await news();
  room.log.now += 5 * HOUR;
  room.tamper = () => first!.clone();
  assert.equal(await news(), 'no-answer');
  assert.equal((await value('clockOffset'))!.off, 0);
});

test('an ended sign-in is said, and read on when the server knows it again', async () => {
  room.tamper = () => errorReply(401);
  assert.equal(await news(), 'sign-in');
  assert.equal((await person(NGOZI))!.refused, 'read-ngozi');
  room.tamper = (answer) => answer;
  assert.equal(await news(), 'new');
  assert.equal((await person(NGOZI))!.refused, null);
});

test('asking compares what the server holds, and then no batch is needed for it', async () => {
  await keepSome(3);
  await sendAll(deps);
  deps.clock.now += 2 * HOUR;
  room.log.now += 2 * HOUR;
  const before = room.log.batches.length;
  assert.equal((await sendAll(deps, { records: true })).people[0]!.unseen, true);
  await news();
  assert.equal((await sendAll(deps)).people[0]!.unseen, undefined);
  assert.equal(room.log.batches.length, before);
});

test('a server put back to an earlier day is found out by asking, and refilled', async () => {
  await keepSome(5);
  await sendAll(deps);
  room.log.log.clear();
  deps.clock.now += 2 * HOUR;
  await sendAll(deps, { records: true });
  assert.equal(room.log.log.size, 0);
  await news();
  await sendAll(deps);
  assert.equal(room.log.log.size, 5);
});

test('the clock of the server is learned from news', async () => {
  room.log.now = START + 90_000;
  await news();
  assert.equal((await value('clockOffset'))!.off, 90_000);
});

test('without a reading token nothing is asked, and the batch compares as before', async () => {
  await keepSome(1);
  await sendAll(deps);
  deps.clock.now += 2 * HOUR;
  await changePerson(NGOZI, { read: null });
  assert.equal(await news(), 'sign-in');
  const before = room.log.batches.length;
  await sendAll(deps);
  assert.equal(room.log.batches.length, before + 1);
});

test('a module of the others that was withdrawn leaves at the first word of it, before the list of the others comes', async () => {
  await news();
  await fetchRest(deps, NGOZI);
  await download(deps, NGOZI, { module: 'bees' });
  const bees = room.shelf.modules.find(({ key }) => key === 'bees')!;
  room.shelf.withdrawn = [{ key: 'bees', sha: bees.sha, reason: 'Wrong.', safety: true }];
  room.shelf.modules.splice(room.shelf.modules.indexOf(bees), 1);
  assert.equal(await news(), 'new');
  assert.deepEqual((await editions()).filter(({ module }) => module === 'bees'), []);
  assert.deepEqual(await modules(), ['falls 1 asked', 'stroke 1 asked']);
  assert.equal(await restIsHere(NGOZI), true, 'and there is nothing left to ask');
});

test('a lesson that was withdrawn leaves a shared phone, though somebody else there has not heard of it yet', async () => {
  await news();
  await download(deps, NGOZI);
  await putPerson(aPerson({ id: 'person-tom', name: 'Tom', dev: 'dev-tom' }));
  await setState('person-tom', { catalogue: room.shelf.catalogue() });
  const falls = room.shelf.modules.find(({ key }) => key === 'falls')!;
  room.shelf.withdrawn = [{ key: 'falls', sha: falls.sha, reason: 'Wrong.', safety: true }];
  room.shelf.modules.splice(room.shelf.modules.indexOf(falls), 1);
  await news();
  assert.deepEqual((await editions()).map(({ module }) => module), ['stroke']);
  room.asked.length = 0;
  await download(deps, 'person-tom');
  assert.ok(!room.asked.some((address) => address.includes(falls.sha)), 'and does not come again for the other');
});

test('a module that is no longer asked for stays on the list', async () => {
  await news();
  await fetchRest(deps, NGOZI);
  room.shelf.modules.find(({ key }) => key === 'stroke')!.assigned = false;
  await news();
  assert.deepEqual(await modules(), ['bees 1', 'falls 1 asked', 'stroke 1']);
});

test('modules stand as their topics do, then by title', async () => {
  await news();
  await fetchRest(deps, NGOZI);
  room.topics = ['zeal', 'falls'];
  room.shelf.offer('work', { topic: 'zeal' });
  await news();
  assert.deepEqual((await state(NGOZI, 'catalogue'))!.modules.map(({ key }) => key), ['work', 'bees', 'falls', 'stroke']);
});

test('the list of the others that comes at the same moment takes nothing back of the news', async () => {
  await news();
  for (let ticks = 0; ticks < 40; ticks += 1) {
    room.shelf.withdrawn = [...room.shelf.withdrawn, { key: `gone-${ticks}`, sha: `sha-${ticks}`, reason: 'Wrong.', safety: true }];
    room.shelf.offer('bees', { assigned: false, edition: ticks + 2, summary: 'Stings.' });
    await setState(NGOZI, { library: 'another' });
    const rest = async (): Promise<unknown> => {
      for (let tick = 0; tick < ticks; tick += 1) await new Promise((go) => setImmediate(go));
      return fetchRest(deps, NGOZI);
    };
    await Promise.all([news(), rest()]);
    await news();
    assert.equal((await state(NGOZI, 'catalogue'))!.withdrawn.length, room.shelf.withdrawn.length, `after ${ticks}`);
  }
});

test('somebody with more phone ids than one question may name hears the news all the same', async () => {
  for (let place = 0; place < 25; place += 1) {
    await changePerson(NGOZI, { dev: `dev-${place}` });
    await keepSome(1);
  }
  let named: string[] = [];
  const asking = testDeps((address, init) => {
    named = (new Headers(init.headers).get('bv-held') ?? '').split(' ');
    return room.fetch(address, init);
  });
  assert.equal(await fetchNews(asking, NGOZI), 'new');
  assert.equal(named.length, 21);
});

/** A page of a tab, as far as a round asks for it, until the test is over; returns what the tab has noted. */
function aTab(over: TestContext): Map<string, string> {
  const noted = new Map<string, string>();
  let opened: string | null = null;
  const parts = {
    sessionStorage: { getItem: (key: string) => noted.get(key) ?? null, setItem: (key: string, line: string) => noted.set(key, line) },
    navigator: {},
    document: Object.assign(new EventTarget(), { querySelector: () => ({ dataset: { known: '/static/build/again.js' } }), body: { dataset: { known: '/static/build/again.js', places: '/static/build/places.js' } } }),
    location: { pathname: '/today' },
    localStorage: { getItem: () => opened, setItem: (_: string, line: string) => (opened = line), removeItem: () => (opened = null) },
  };
  for (const [name, value] of Object.entries(parts)) Object.defineProperty(globalThis, name, { configurable: true, value });
  over.after(() => Object.keys(parts).forEach((name) => Reflect.deleteProperty(globalThis, name)));
  // The files of later days are here.
  Object.assign(deps.caches, { match: async () => new Response('') });
  return noted;
}
const here = async (): Promise<string[]> => (await editions()).map(({ module }) => module).sort();

test('lessons that were on their way when a page was left come with the next, though nothing else is new', async (over) => {
  const noted = aTab(over);
  await round(deps);
  assert.deepEqual(await here(), ['falls', 'stroke']);

  room.shelf.offer('sepsis');
  noted.delete('bv-asked');
  deps.fetch = async (address, init) => (address.startsWith('/api/') ? room.fetch(address, init) : Promise.reject(new Error('The page is left.')));
  await round(deps);
  assert.deepEqual(await here(), ['falls', 'stroke']);

  deps.fetch = room.fetch;
  room.asked.length = 0;
  await round(deps);
  assert.deepEqual([await here(), room.asked.includes('news')], [['falls', 'sepsis', 'stroke'], false]);
  room.asked.length = 0;
  await round(deps);
  assert.deepEqual(room.asked, [], 'and then nothing is looked for');
});

test('a page at the door is no reason to wait with lessons that were on their way', async (over) => {
  const noted = aTab(over);
  await putPerson(aPerson({ id: 'person-tom' }));
  await news();
  noted.set('bv-asked', String(START));
  location.pathname = '/who';
  await round(deps);
  location.pathname = '/today';
  open(NGOZI, deps.now());
  await round(deps);
  assert.deepEqual([await here(), Number(noted.get('bv-got')) > 0], [['falls', 'stroke'], true]);
});

test('where nothing is known of a place, the lessons of another are not looked through with every page', async (over) => {
  const noted = aTab(over);
  await putPerson(aPerson({ id: `${NGOZI}~thistle`, uuid: NGOZI, provider: { id: 'thistle', name: 'Thistle Care' }, read: 'ended' }));
  deps.fetch = async (address, init) => (new Headers(init.headers).get('authorization')?.endsWith('ended') ? Promise.reject(new Error('No signal.')) : room.fetch(address, init));
  await round(deps);
  assert.deepEqual([await here(), Number(noted.get('bv-got')) > 0], [['falls', 'stroke'], true]);
});

test('whoever joins or adds a place gets its lessons with the next page, whatever came just before', async (over) => {
  const noted = aTab(over);
  noted.set('bv-got', String(START));
  await firstFetch(deps, NGOZI);
  await round(deps);
  assert.deepEqual(await here(), ['falls', 'stroke']);
});
