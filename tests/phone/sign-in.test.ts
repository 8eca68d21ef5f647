/** Signing in again with the PIN: new tokens, and everything that waited goes. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { sixDigits } from '../../service_worker/page/pin-form.ts';
import { fetchCopy } from '../../service_worker/page/copy-form.ts';
import { signIn } from '../../service_worker/page/sign-in.ts';
import { ERASED, readsNoMore, signInWords } from '../../service_worker/page/sign-in-words.ts';
import { opens } from '../../service_worker/page/try-pin.ts';
import { records, waiting } from '../../service_worker/store/person.ts';
import { changePerson, person, setValue } from '../../service_worker/store/phone.ts';
import { fetchState } from '../../service_worker/sync/fetch-state.ts';
import { sendAll } from '../../service_worker/sync/send.ts';
import { NGOZI, SERVER, aPerson, joinedPhone, keepSome, testDeps } from './support/phone.ts';
import { FakeServer, errorReply, portal, reply } from './support/server.ts';

const PIN = '280417';
let server: FakeServer;

beforeEach(async () => {
  server = new FakeServer();
  server.tokens.delete('append-ngozi');
  await joinedPhone(aPerson({ paused: 'sign-in' }));
});

const answering = (given: () => Response): void => {
  server.trouble = ({ path }) => (path === 'sign-in' ? given() : undefined);
};
const tokens = (): Response => {
  server.tokens.set('append-2', NGOZI);
  return reply({ proto: 1, server: SERVER, append: 'append-2', read: 'read-2' });
};
const untouched = async (): Promise<void> => {
  const row = (await person(NGOZI))!;
  assert.deepEqual([row.append, row.read, row.paused, (await waiting(NGOZI)).length], ['append-ngozi', 'read-ngozi', 'sign-in', 3], 'nothing changed and nothing is lost');
};

test('the right PIN gives new tokens, ends the pause, and what waited is sent once', async () => {
  await keepSome(3);
  answering(tokens);
  const deps = testDeps(server.fetch);
  assert.equal((await sendAll(deps)).people[0]!.end, 'paused');
  assert.deepEqual(await signIn(deps, NGOZI, PIN), { end: 'ready' });
  const row = (await person(NGOZI))!;
  assert.deepEqual([row.append, row.read, row.paused], ['append-2', 'read-2', null]);
  assert.ok(await opens(row.pin!, PIN), 'the PIN that signed in is the one that opens the curtain');
  const report = await sendAll(deps, { force: true, person: NGOZI });
  assert.deepEqual([report.people[0]!.end, report.people[0]!.sent, server.log.size], ['done', 3, 3]);
  assert.ok((await records(NGOZI)).every((record) => record.st === 'receipted'));
});

test('a new id for another employer is taken, and what waited keeps the id it was made under', async () => {
  await keepSome(2);
  answering(() => reply({ proto: 1, server: SERVER, dev: 'dev-2', append: 'append-2', read: 'read-2' }));
  await signIn(testDeps(server.fetch), NGOZI, PIN);
  assert.equal((await person(NGOZI))!.dev, 'dev-2');
  assert.deepEqual((await waiting(NGOZI)).map((record) => record.dev), ['dev-1', 'dev-1']);
});

test('it sends the phone, the person and the PIN, with no cookie and no old token', async () => {
  answering(tokens);
  await signIn(testDeps(server.fetch), NGOZI, PIN);
  const { init, token } = server.requests.find(({ path }) => path === 'sign-in')!;
  assert.deepEqual([JSON.parse(String(init.body)), token, init.credentials], [{ dev: 'dev-1', person: NGOZI, provider: 'bramble', pin: PIN }, null, 'omit']);
});

test('a wrong PIN is told in the words of the server, which counts the tries and names nobody', async () => {
  await keepSome(3);
  const message = 'That PIN does not match. You have 3 more tries. Forgot it? Ask your manager for a new code.';
  answering(() => reply({ proto: 1, server: SERVER, error: { code: 'pin-wrong', message, field: 'pin' } }, 401));
  assert.deepEqual(await signIn(testDeps(server.fetch), NGOZI, '111222'), { end: 'mend', words: message.replace('your manager', 'Priya') });
  await untouched();
});

test('too many tries: the wait is told in minutes', async () => {
  await keepSome(3);
  answering(() => errorReply(429, 'throttled', { 'retry-after': '640' }));
  const given = await signIn(testDeps(server.fetch), NGOZI, PIN);
  assert.deepEqual(given, { end: 'later', words: 'Too many tries. Wait 11 minutes, then try again. Forgot it? Ask Priya for a new code.' });
  await untouched();
});

for (const [name, given] of [['no signal', (): Response => { throw new TypeError('no line'); }], ['a portal', (): Response => portal()], ['a portal that says 401', (): Response => portal(401)], ['another server', (): Response => reply({ proto: 1, server: 'server-2', append: 'x', read: 'y' })]] as const) {
  test(`${name} judges no PIN`, async () => {
    await keepSome(3);
    answering(given);
    const answer = await signIn(testDeps(server.fetch), NGOZI, PIN);
    assert.equal(answer.end, 'later');
    assert.match((answer as { words: string }).words, /^No signal\. Carry on/);
    await untouched();
  });
}

for (const status of [401, 403, 409]) {
  test(`where a PIN does not help (${status}) a new code is the way`, async () => {
    await keepSome(3);
    answering(() => errorReply(status, 'sign-in-ended'));
    const answer = await signIn(testDeps(server.fetch), NGOZI, PIN);
    assert.equal(answer.end, 'code');
    assert.match((answer as { words: string }).words, /Ask Priya for a new code/);
    await untouched();
  });
}

test('somebody who was erased is told so, asked for no PIN again, and keeps what is here', async () => {
  await keepSome(3);
  answering(() => errorReply(403, 'erased'));
  const deps = testDeps(server.fetch);
  assert.deepEqual(await signIn(deps, NGOZI, PIN), { end: 'erased', words: ERASED });
  const row = (await person(NGOZI))!;
  assert.deepEqual([row.paused, row.append, row.read, (await waiting(NGOZI)).length], ['erased', null, null, 3]);
  assert.deepEqual([signInWords(row.paused!, 3), readsNoMore(row)], ['Your record here was erased', false]);
  const asked = server.requests.length;
  assert.equal((await sendAll(deps, { force: true })).people[0]!.end, 'paused');
  assert.deepEqual([await fetchState(deps, NGOZI), server.requests.length, (await person(NGOZI))!.paused], ['sign-in', asked, 'erased']);
});

test('a copy of everything comes for the PIN, with the reading token, as a file', async () => {
  server.trouble = ({ path }) => (path === 'export' ? new Response('PK', { headers: { 'content-type': 'application/zip' } }) : undefined);
  const found = await fetchCopy(testDeps(server.fetch), aPerson(), PIN);
  assert.equal(found.end === 'ready' && new TextDecoder().decode(found.zip), 'PK');
  const { token, init } = server.requests[0]!;
  assert.deepEqual([token, JSON.parse(String(init.body))], ['read-ngozi', { pin: PIN }]);
});

for (const [name, given, end, words] of [
  ['a portal gives no copy', (): Response => portal(), 'later', /^No signal\./],
  ['nor does a portal that asks for a sign-in', (): Response => portal(401), 'later', /^No signal\./],
  ['a wrong PIN gives no copy', (): Response => errorReply(401, 'pin-wrong'), 'mend', /pin-wrong/],
  ['an ended sign-in comes first', (): Response => errorReply(401, 'sign-in-ended'), 'code', /sign in there first/],
  ['five copies a day are enough', (): Response => errorReply(429, 'throttled', { 'retry-after': '80000' }), 'later', /Wait until tomorrow/],
] as const) {
  test(name, async () => {
    server.trouble = ({ path }) => (path === 'export' ? given() : undefined);
    const found = await fetchCopy(testDeps(server.fetch), aPerson(), PIN);
    assert.equal(found.end, end);
    assert.match((found as { words: string }).words, words);
  });
}

test('trouble at the server, half an answer, and one meant for somebody else change nothing', async () => {
  await keepSome(3);
  for (const given of [() => reply({ proto: 1, server: SERVER, person: 'somebody else', dev: 'dev-9', append: 'append-9', read: 'read-9' }), () => errorReply(500), () => reply({ proto: 1, server: SERVER, append: '', read: 'r' }), () => reply({ proto: 1, server: SERVER })]) {
    answering(given);
    assert.equal((await signIn(testDeps(server.fetch), NGOZI, PIN)).end, 'later');
  }
  await untouched();
});

test('a phone that does not know its server proves it first', async () => {
  answering(tokens);
  await setValue('server', undefined as unknown as string);
  assert.equal((await signIn(testDeps(server.fetch), NGOZI, PIN)).end, 'ready');
  assert.match(server.requests[0]!.path, /^ping/);
});

test('a refusal of the old token that comes late does not end a new sign-in', async () => {
  await keepSome(3);
  await changePerson(NGOZI, { paused: null });
  // The answer to the old token is under way while the person signs in.
  server.trouble = ({ path }) => (path === 'records' ? changePerson(NGOZI, { append: 'append-2', paused: null }).then(() => errorReply(401)) : undefined);
  server.tokens.set('append-2', NGOZI);
  assert.equal((await sendAll(testDeps(server.fetch))).people[0]!.end, 'paused');
  assert.equal((await person(NGOZI))!.paused, null);
});

test('six digits may be pasted with spaces; anything else is no PIN', () => {
  assert.deepEqual(['280417', ' 280 417\n', '28-04-17', '28041', '2804170', 'abcdef', ''].map(sixDigits), [PIN, PIN, PIN, null, null, null, null]);
});

test('what leads to it says what waits', () => {
  assert.deepEqual(
    [signInWords('sign-in', 3), signInWords('sign-in', 1), signInWords('sign-in', 0), signInWords('other-person', 2)],
    ['Sign in to send 3 results', 'Sign in to send 1 result', 'Sign in to go on', 'Ask for a new code to send 2 results'],
  );
});
