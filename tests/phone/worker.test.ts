/** The worker: all or nothing at install, pages from the phone first, an answer always, and nothing that is not its own. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { startPage, partPage } from '../../service_worker/core/compose.ts';
import { changeEditions, putEdition } from '../../service_worker/store/editions.ts';
import { value } from '../../service_worker/store/phone.ts';
import { activateShell } from '../../service_worker/worker/activate.ts';
import { answerTo } from '../../service_worker/worker/answers.ts';
import { installShell, mendShell, type ShellList } from '../../service_worker/worker/install.ts';
import { hear } from '../../service_worker/worker/messages.ts';
import { placeOf } from '../../service_worker/worker/pages.ts';
import { ranged } from '../../service_worker/worker/ranges.ts';
import { FakeCaches, START, anEdition, hexOf, newPhone, silentDatabase, testDeps, type Handler, type TestDeps } from './support/phone.ts';

const ORIGIN = 'https://phone.test';
const POLICY = "default-src 'none'; script-src 'self'";

/** The fake with the rest of Cache Storage, as the worker needs it. */
class ShellCaches extends FakeCaches {
  async keys(): Promise<string[]> {
    return [...this.all.keys()];
  }
  async delete(name: string): Promise<boolean> {
    return this.all.delete(name);
  }
  async match(address: string): Promise<Response | undefined> {
    for (const cache of this.all.values()) {
      const found = await cache.match(address);
      if (found) return found;
    }
    return undefined;
  }
}

const documents: { [address: string]: string } = {
  '/shell/today.html': '<title>Today</title>',
  '/shell/offline.html': '<title>Not on this phone</title>',
  '/shell/module.html': '<title>%%title%%</title>%%body%%',
  '/shell/lesson.html': '<title>%%title%%</title>%%body%%',
  '/static/build/page-1234567890.js': 'void 0;',
};

/** The same as the server sends it: all documents in one file. */
const served: { [address: string]: string } = {
  '/shell.json': JSON.stringify(Object.fromEntries(Object.entries(documents).flatMap(([address, text]) => (address.startsWith('/shell/') ? [[address.slice(7, -5), text]] : [])))),
  '/static/build/page-1234567890.js': 'void 0;',
};

const list = (build = 'one', files = served): ShellList => ({
  app: '/static/build/page-1234567890.js',
  build,
  files: Object.entries(files).map(([url, text]) => ({ url, sha: hexOf(text).slice(0, 16), as: url === '/shell.json' ? 'documents' : 'script' })),
});

const serve = (files: { [address: string]: string }, headers: { [name: string]: string } = { 'content-security-policy': POLICY, 'content-type': 'text/html' }): Handler =>
  (address) => (address in files ? new Response(files[address], { headers }) : new Response('', { status: 404 }));

const phone = (handler: Handler): TestDeps => testDeps(handler, { caches: new ShellCaches() as unknown as TestDeps['caches'] });

/** A request as the browser hands it to the worker; Node's own has no navigation. */
const asks = (path: string, more: Partial<Request> = {}): Request =>
  ({ url: path.startsWith('http') ? path : `${ORIGIN}${path}`, method: 'GET', mode: 'navigate', cache: 'default', headers: new Headers(), ...more }) as Request;

const dead: Handler = () => {
  throw new TypeError('no network');
};

beforeEach(newPhone);

test('what only some people need is installed where it is kept already, and nowhere else', async () => {
  const practice = '/static/build/practice-1234567890.js';
  const shell = list();
  const more: ShellList = { ...shell, files: [...shell.files, { url: practice, sha: hexOf('export {}'), as: 'extra' }] };
  const deps = phone(serve({ ...served, [practice]: 'export {}' }));
  await installShell(deps, more);
  assert.ok(!deps.caches.addresses('shell-one').includes(practice));
  await deps.caches.open('plan');
  await installShell(deps, { ...more, build: 'two' });
  assert.ok(!deps.caches.addresses('shell-two').includes(practice), 'another file is kept, not this one');
  await deps.caches.open('practice');
  await installShell(deps, { ...more, build: 'three' });
  assert.ok(deps.caches.addresses('shell-three').includes(practice));
});

test('the file that asks for a PIN comes with every build but the first: somebody may join while that build waits', async () => {
  const again = '/static/build/again-1234567890.js';
  const shell = list();
  const more: ShellList = { ...shell, files: [...shell.files, { url: again, sha: hexOf('export {}').slice(0, 16), as: 'extra' }] };
  const deps = phone(serve({ ...served, [again]: 'export {}' }));
  const installed = async (build: string): Promise<boolean> => {
    await installShell(deps, { ...more, build });
    return deps.caches.addresses(`shell-${build}`).includes(again);
  };
  assert.equal(await installed('one'), false, 'nobody has joined yet');
  assert.equal(await installed('two'), true);
});

test('the shell is stored whole, with the policy of its documents', async () => {
  const deps = phone(serve(served));
  await installShell(deps, list());
  assert.deepEqual(deps.caches.addresses('shell-one'), Object.keys(documents).sort());
  const answer = await answerTo(asks('/today'), deps, 'one', ORIGIN)!;
  assert.equal(await answer.text(), documents['/shell/today.html']);
  assert.equal(answer.headers.get('content-security-policy'), POLICY);
});

for (const [what, files] of [
  ['a portal answers 200 with a page of its own', Object.fromEntries(Object.keys(served).map((url) => [url, '<h1>Free Wi-Fi</h1>']))],
  ['one file is damaged', { ...served, '/static/build/page-1234567890.js': 'void 1;' }],
  ['one file is missing', Object.fromEntries(Object.entries(served).slice(1))],
] as const) {
  test(`nothing is stored when ${what}`, async () => {
    const deps = phone(serve(files));
    await assert.rejects(installShell(deps, list()));
    assert.deepEqual(await deps.caches.keys(), []);
  });
}

test('a document without a policy is not installed', async () => {
  const deps = phone(serve(served, { 'content-type': 'text/html' }));
  await assert.rejects(installShell(deps, list()), /no policy/);
});

test('a shell the browser cleared away is brought back, and without signal the next time', async () => {
  const deps = phone(serve(served));
  await mendShell(Object.assign(phone(dead), { caches: deps.caches }), list());
  assert.deepEqual(deps.caches.addresses('shell-one'), []);
  await mendShell(deps, list());
  assert.ok(deps.caches.addresses('shell-one').includes('/shell/offline.html'));
  deps.fetch = () => assert.fail('it is here');
  await mendShell(deps, list());
});

test('a full phone is left with the shell it had', async () => {
  const deps = phone(serve(served));
  await installShell(deps, list('one'));
  deps.caches.full = 1;
  await assert.rejects(installShell(deps, list('two')));
  assert.deepEqual(await deps.caches.keys(), ['shell-one']);
});

test('built files that did not change are not fetched again', async () => {
  const fetched: string[] = [];
  const handler = serve(served);
  const deps = phone((address, init) => {
    fetched.push(address);
    return handler(address, init);
  });
  await installShell(deps, list('one'));
  fetched.length = 0;
  await installShell(deps, list('two'));
  assert.deepEqual(fetched.filter((address) => address.startsWith('/static/')), []);
  assert.ok(deps.caches.addresses('shell-two').includes('/static/build/page-1234567890.js'));
});

test('the build before stays for pages still open, older ones go, lessons are not touched', async () => {
  const deps = phone(serve(served));
  for (const build of ['one', 'two', 'three']) await installShell(deps, list(build));
  await deps.caches.open('editions');
  await activateShell(deps, 'three');
  assert.deepEqual(await deps.caches.keys(), ['shell-two', 'shell-three', 'editions']);
  assert.equal(await value('shell'), 'three');
});

async function withLesson(handler: Handler): Promise<{ deps: TestDeps; sha: string }> {
  const deps = phone(serve(served));
  await installShell(deps, list());
  const text = JSON.stringify(anEdition('falls', 2));
  const sha = hexOf(text);
  await (await deps.caches.open('editions')).put(`/e/${sha}`, new Response(text));
  await putEdition({ sha, module: 'falls', edition: 2, bytes: text.length, title: 'About falls', minutes: 4, pinned: true, lastUsed: START, media: [], complete: true, withdrawn: false }, new Set());
  return { deps: Object.assign(deps, { fetch: async (address: string, init: RequestInit) => handler(address, init) }), sha };
}

test('a lesson is composed with no signal, and is the page the rules give', async () => {
  const { deps, sha } = await withLesson(dead);
  const start = await answerTo(asks('/learn/falls'), deps, 'one', ORIGIN)!;
  assert.equal(await start.text(), startPage(documents['/shell/module.html']!, anEdition('falls', 2), sha));
  const part = await answerTo(asks('/learn/falls/2/1'), deps, 'one', ORIGIN)!;
  assert.equal(await part.text(), partPage(documents['/shell/lesson.html']!, anEdition('falls', 2), sha, 1));
  assert.equal(part.headers.get('content-security-policy'), POLICY);
});

for (const [what, path] of [['another edition', '/learn/falls/1/1'], ['a part that is not there', '/learn/falls/2/9'], ['a module that is not there', '/learn/stairs']] as const) {
  test(`${what} comes from the server, and without one says it is not on this phone`, async () => {
    const { deps } = await withLesson(() => new Response('from the server'));
    assert.equal(await (await answerTo(asks(path), deps, 'one', ORIGIN)!).text(), 'from the server');
    const off = await withLesson(dead);
    assert.equal(await (await answerTo(asks(path), off.deps, 'one', ORIGIN)!).text(), documents['/shell/offline.html']);
  });
}

test('a server that says nothing is given up after the limit', async () => {
  const { deps } = await withLesson(() => new Promise<Response>(() => undefined));
  const answer = answerTo(asks('/learn/stairs'), deps, 'one', ORIGIN)!;
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  deps.ring();
  assert.equal(await (await answer).text(), documents['/shell/offline.html']);
});

/** Timers of these deps go by a clock that stands still until `pass` is called. */
function slowly(deps: TestDeps): (ms: number) => Promise<void> {
  let now = 0;
  const timers = new Set<{ at: number; ring: () => void }>();
  deps.timer = (ms, ring) => {
    const timer = { at: now + ms, ring };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return async (ms) => {
    await settle();
    now += ms;
    for (const timer of [...timers].filter((one) => one.at <= now)) if (timers.delete(timer)) timer.ring();
    await settle();
  };
}

test('lessons are read while the database says nothing: the highest edition at the start, the one in the address after it', async (context) => {
  const { deps } = await withLesson(dead);
  const first = JSON.stringify(anEdition('falls', 1));
  await (await deps.caches.open('editions')).put(`/e/${hexOf(first)}`, new Response(first));
  context.after(silentDatabase());
  const pass = slowly(deps);
  const read = async (path: string): Promise<string> => {
    const answer = answerTo(asks(path), deps, 'one', ORIGIN)!;
    await pass(1000);
    return (await answer).text();
  };
  const second = hexOf(JSON.stringify(anEdition('falls', 2)));
  assert.equal(await read('/learn/falls'), startPage(documents['/shell/module.html']!, anEdition('falls', 2), second));
  assert.equal(await read('/learn/falls/1/1'), partPage(documents['/shell/lesson.html']!, anEdition('falls', 1), hexOf(first), 1));
  assert.equal(await read('/learn/stairs'), documents['/shell/offline.html']);
});

test('lessons are read when the browser cleared the database and left the texts', async () => {
  const { deps, sha } = await withLesson(dead);
  await changeEditions(() => null);
  assert.equal(await (await answerTo(asks('/learn/falls'), deps, 'one', ORIGIN)!).text(), startPage(documents['/shell/module.html']!, anEdition('falls', 2), sha));
  assert.equal(await (await answerTo(asks('/learn/stairs'), deps, 'one', ORIGIN)!).text(), documents['/shell/offline.html']);
});

test('storage that never says anything is no reason for no answer', async (context) => {
  const { deps } = await withLesson(dead);
  context.after(silentDatabase());
  const pass = slowly(deps);
  deps.caches.open = deps.caches.match = () => new Promise<never>(() => undefined);
  for (const [request, status] of [[asks('/learn/falls/2/1'), 503], [asks('/today'), 503], [asks('/static/build/page-1234567890.js', { mode: 'no-cors' }), 504]] as const) {
    const answer = answerTo(request, deps, 'one', ORIGIN)!;
    for (let limit = 0; limit < 3; limit += 1) await pass(3000);
    assert.equal((await answer).status, status);
  }
});

test('a silent database does not keep a new worker from its pages', async (context) => {
  const deps = phone(serve(served));
  await installShell(deps, list());
  context.after(silentDatabase());
  const pass = slowly(deps);
  const activated = activateShell(deps, 'one');
  await pass(3000);
  await activated;
});

test('a server in trouble is not shown in place of the page', async () => {
  const { deps } = await withLesson(() => new Response('trouble', { status: 503 }));
  assert.equal(await (await answerTo(asks('/learn/stairs'), deps, 'one', ORIGIN)!).text(), documents['/shell/offline.html']);
});

test('with every cache gone and no signal there is still an answer, with a policy', async () => {
  const answer = await answerTo(asks('/today'), phone(dead), 'one', ORIGIN)!;
  assert.equal(answer.status, 503);
  assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  assert.match(await answer.text(), /No signal/);
});

test('everything that is not its own goes to the network untouched', () => {
  const deps = phone(dead);
  for (const path of ['/', '/api/v1/ping', '/join', '/join/ABC', '/staff/people', '/help', '/sw.js', '/shell.json', '/learn/falls/2/x', '/today/', 'https://elsewhere.test/today']) {
    assert.equal(answerTo(asks(path, path.startsWith('/api') ? { mode: 'cors' } : {}), deps, 'one', ORIGIN), null, path);
  }
  assert.equal(answerTo(asks('/today', { method: 'POST' }), deps, 'one', ORIGIN), null);
  assert.equal(answerTo(asks('/e/abc', { mode: 'cors', cache: 'no-store' }), deps, 'one', ORIGIN), null, 'a download checks for itself');
});

test('files of the build before are found for a page still open with it', async () => {
  const deps = phone(serve(served));
  await installShell(deps, list('one'));
  const answer = await answerTo(asks('/static/build/page-1234567890.js', { mode: 'no-cors' }), deps, 'two', ORIGIN)!;
  assert.equal(await answer.text(), 'void 0;');
});

const sound = (): Response => new Response('0123456789', { headers: { 'content-type': 'audio/mpeg' } });
for (const [range, body, said] of [
  ['bytes=0-1', '01', 'bytes 0-1/10'],
  ['bytes=4-', '456789', 'bytes 4-9/10'],
  ['bytes=-3', '789', 'bytes 7-9/10'],
  ['bytes=8-99', '89', 'bytes 8-9/10'],
] as const) {
  test(`a sound is played from the phone: ${range}`, async () => {
    const answer = await ranged(sound(), range);
    assert.deepEqual([answer.status, await answer.text(), answer.headers.get('content-range'), answer.headers.get('content-type')], [206, body, said, 'audio/mpeg']);
  });
}

test('a range beyond the end is refused, one we do not know is answered whole', async () => {
  assert.equal((await ranged(sound(), 'bytes=10-')).status, 416);
  assert.equal((await ranged(sound(), 'bytes=0-1,4-5')).status, 200);
  assert.equal((await ranged(sound(), null)).status, 200);
});

test('it takes over only when it is asked', () => {
  const done: string[] = [];
  const hears = (data: unknown): void => hear({ data, ports: [{ postMessage: (told: unknown) => done.push(JSON.stringify(told)) }] as unknown as MessagePort[], waitUntil: () => undefined }, 'one', async () => void done.push('took over'));
  hears(null);
  hears({ ask: 'version' });
  assert.deepEqual(done, ['{"build":"one"}']);
  hears({ ask: 'skip-waiting' });
  assert.equal(done[1], 'took over');
});

test('addresses are read as the server reads them', () => {
  assert.deepEqual(placeOf('/look-back'), { name: 'look-back' });
  assert.deepEqual(placeOf('/learn/falls'), { module: 'falls', edition: null, part: null });
  assert.deepEqual(placeOf('/learn/falls/3/end'), { module: 'falls', edition: 3, part: 'end' });
  assert.equal(placeOf('/learn/falls/03/1'), null);
});
