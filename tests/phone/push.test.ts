/** Being told on the lock screen: a browser has one address, and each place and person asks for it themselves. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { begin, stop, tells } from '../../service_worker/page/push.ts';
import { post } from '../../service_worker/sync/api.ts';
import { NGOZI, aPerson, testDeps } from './support/phone.ts';
import { reply } from './support/server.ts';

const bramble = aPerson();
const thistle = aPerson({ id: `${NGOZI}~thistle`, uuid: NGOZI, dev: 'dev-2', append: 'append-thistle' });

const kept = new Map<string, string>();
globalThis.localStorage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, line: string) => void kept.set(key, line) } as unknown as Storage;

let endpoint: string | null;
let asked: string[];
const line = {
  getSubscription: () => Promise.resolve(endpoint === null ? null : made()),
  subscribe: () => Promise.resolve(((endpoint ??= 'https://push.example/1'), made())),
} as unknown as PushManager;
const made = (): PushSubscription => ({ endpoint, toJSON: () => ({ endpoint }), unsubscribe: () => Promise.resolve(((endpoint = null), true)) }) as unknown as PushSubscription;
let status = 201;
const deps = testDeps((address, init) => (asked.push(`${address} ${new Headers(init.headers).get('authorization')}`), reply({}, status)));
const tools = (who: typeof bramble): Parameters<typeof begin>[0] => ({ deps, who, offered: 'key', post });

beforeEach(() => {
  [endpoint, asked, status] = [null, [], 201];
  kept.clear();
});

test('one place that asked does not make the phone say that the other is told too', async () => {
  assert.equal(await begin(tools(bramble), line), null);
  assert.deepEqual([await tells(tools(bramble), line), await tells(tools(thistle), line)], [true, false]);
  assert.equal(await begin(tools(thistle), line), null);
  assert.deepEqual([await tells(tools(bramble), line), await tells(tools(thistle), line)], [true, true]);
  assert.deepEqual(asked, ['/api/v1/push Bearer append-ngozi', '/api/v1/push Bearer append-thistle']);
});

test('one place that wants no more leaves the other told; the last takes the address back', async () => {
  await begin(tools(bramble), line);
  await begin(tools(thistle), line);
  await stop(tools(bramble), line);
  assert.deepEqual([await tells(tools(bramble), line), await tells(tools(thistle), line), endpoint], [false, true, 'https://push.example/1']);
  await stop(tools(thistle), line);
  assert.deepEqual([await tells(tools(thistle), line), endpoint], [false, null]);
  assert.deepEqual(asked.slice(2), ['/api/v1/push/end Bearer append-ngozi', '/api/v1/push/end Bearer append-thistle']);
});

test('an address the browser changed rings nobody, and is asked for anew', async () => {
  await begin(tools(bramble), line);
  endpoint = 'https://push.example/2';
  assert.equal(await tells(tools(bramble), line), false);
});

test('what the server does not take leaves nothing half done, and nothing of the other place undone', async () => {
  status = 422;
  assert.match((await begin(tools(bramble), line))!, /did not work/);
  assert.equal(endpoint, null);
  status = 201;
  await begin(tools(bramble), line);
  status = 422;
  assert.match((await begin(tools(thistle), line))!, /did not work/);
  assert.deepEqual([await tells(tools(bramble), line), await tells(tools(thistle), line)], [true, false]);
});
