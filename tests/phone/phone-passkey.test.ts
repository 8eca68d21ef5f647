/** A fingerprint or face in place of the PIN: made with the PIN, and forgotten here when the server knows it no more. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { enrol } from '../../service_worker/page/enrol-by-cookie.ts';
import { add, prove, remove, type Of } from '../../service_worker/page/phone-passkey.ts';
import { signIn } from '../../service_worker/page/sign-in.ts';
import { waiting } from '../../service_worker/store/person.ts';
import { changePerson, person } from '../../service_worker/store/phone.ts';
import { NGOZI, SERVER, aPerson, joinedPhone, keepSome, testDeps } from './support/phone.ts';
import { FakeServer, errorReply, portal, reply } from './support/server.ts';

const PIN = '280417';
const ADDED = '2026-11-20T08:00:00.000Z';
const curtain = { salt: 's', hash: 'h', iterations: 1 };
const bytes = (...given: number[]): ArrayBuffer => Uint8Array.from(given).buffer;
let server: FakeServer;
/** What the browser was asked for, and what it does instead of answering. */
let asked: { publicKey: { challenge: Uint8Array; user?: { id: Uint8Array }; excludeCredentials?: { id: Uint8Array }[] } } | null;
let refuses: string | null;

const answers = (made: object) => async (what: NonNullable<typeof asked>): Promise<unknown> => {
  asked = what;
  if (refuses) throw new DOMException('no', refuses);
  return { id: 'AQI', rawId: bytes(1, 2), type: 'public-key', response: { clientDataJSON: bytes(3), ...made } };
};

beforeEach(async () => {
  server = new FakeServer();
  asked = null;
  refuses = null;
  await joinedPhone(aPerson({ paused: 'sign-in', pin: curtain, passkey: ADDED }));
  const credentials = { create: answers({ attestationObject: bytes(255, 254) }), get: answers({ authenticatorData: bytes(4), signature: bytes(251), userHandle: null }) };
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { credentials } });
});

const ngozi = async (): Promise<Of> => ({ deps: testDeps(server.fetch), who: (await person(NGOZI))! });
const ours = (more: object, status = 200): Response => reply({ proto: 1, server: SERVER, ...more }, status);
const offer = (more: object = {}): Response => ours({ ticket: 't', options: { challenge: '-_8', userVerification: 'required', ...more } });
const answering = (replies: { [path: string]: () => Response }): void => {
  server.trouble = ({ path }) => replies[path]?.();
};
const sent = (path: string): unknown => JSON.parse(String(server.requests.find((one) => one.path === path)!.init.body));
const tokens = (): Response => ours({ person: NGOZI, dev: 'dev-1', append: 'append-2', read: 'read-2', passkey: ADDED });

test('the finger gives new tokens, ends the pause, and the PIN on the phone stays', async () => {
  answering({ 'sign-in/passkey/options': offer, 'sign-in/passkey': tokens });
  assert.deepEqual(await signIn(testDeps(server.fetch), NGOZI, prove), { end: 'ready' });
  const row = (await person(NGOZI))!;
  assert.deepEqual([row.append, row.read, row.paused, row.pin, row.passkey], ['append-2', 'read-2', null, curtain, ADDED]);
  assert.deepEqual([...asked!.publicKey.challenge], [251, 255]);
  assert.deepEqual(sent('sign-in/passkey/options'), { dev: 'dev-1', person: NGOZI, provider: 'bramble' });
  const credential = { id: 'AQI', rawId: 'AQI', type: 'public-key', response: { clientDataJSON: 'Aw', authenticatorData: 'BA', signature: '-w', userHandle: null } };
  assert.deepEqual(sent('sign-in/passkey'), { dev: 'dev-1', person: NGOZI, provider: 'bramble', ticket: 't', credential });
  assert.ok(server.requests.every(({ token, init }) => token === null && init.credentials === 'omit'));
});

test('one the server knows no more is forgotten here, and nothing else changes', async () => {
  await keepSome(3);
  answering({ 'sign-in/passkey/options': offer, 'sign-in/passkey': () => errorReply(401, 'passkey-refused') });
  assert.deepEqual(await signIn(testDeps(server.fetch), NGOZI, prove), { end: 'pin', words: 'That did not work. Use your PIN.' });
  const row = (await person(NGOZI))!;
  assert.deepEqual([row.passkey, row.append, row.paused, row.pin, (await waiting(NGOZI)).length], [null, 'append-ngozi', 'sign-in', curtain, 3]);
});

for (const [name, replies, words] of [
  ['no signal', { 'sign-in/passkey/options': () => { throw new TypeError('no line'); } }, /^No signal/],
  ['a portal', { 'sign-in/passkey/options': () => portal() }, /^No signal/],
  ['another server', { 'sign-in/passkey/options': () => reply({ proto: 1, server: 'server-2', ticket: 't', options: { challenge: 'AA' } }) }, /^No signal/],
  ['a line that breaks off', { 'sign-in/passkey/options': offer, 'sign-in/passkey': () => portal(401) }, /^No signal/],
  ['a changed mind', { 'sign-in/passkey/options': offer }, /^Nothing was changed/],
] as const) {
  test(`${name} changes nothing`, async () => {
    answering(replies);
    refuses = name === 'a changed mind' ? 'NotAllowedError' : null;
    const given = await signIn(testDeps(server.fetch), NGOZI, prove);
    assert.equal(given.end, 'later');
    assert.match((given as { words: string }).words, words);
    const row = (await person(NGOZI))!;
    assert.deepEqual([row.passkey, row.append, row.paused], [ADDED, 'append-ngozi', 'sign-in']);
    assert.equal(asked === null, name === 'no signal' || name === 'a portal' || name === 'another server', 'no finger is asked for in vain');
  });
}

test('the PIN tells whether there still is one, and never that it is on this phone', async () => {
  answering({ 'sign-in': () => ours({ person: NGOZI, append: 'append-2', read: 'read-2' }) });
  await signIn(testDeps(server.fetch), NGOZI, PIN);
  assert.equal((await person(NGOZI))!.passkey, null, 'a new PIN elsewhere ended it');
  answering({ 'sign-in': tokens });
  await signIn(testDeps(server.fetch), NGOZI, PIN);
  assert.equal((await person(NGOZI))!.passkey, null, 'it may live on another phone');
  await changePerson(NGOZI, { passkey: ADDED });
  await signIn(testDeps(server.fetch), NGOZI, PIN);
  assert.equal((await person(NGOZI))!.passkey, ADDED);
});

test('it is made with the PIN and the reading token, and its date is kept', async () => {
  await changePerson(NGOZI, { passkey: null, paused: null });
  answering({ 'passkey/options': () => offer({ user: { id: 'BQ' }, excludeCredentials: [{ id: 'Bg' }] }), passkey: () => ours({ passkey: ADDED }, 201) });
  assert.deepEqual(await add(await ngozi(), PIN), { end: 'ready' });
  assert.deepEqual([sent('passkey/options'), server.requests.map(({ token }) => token)], [{ pin: PIN }, ['read-ngozi', 'read-ngozi']]);
  assert.deepEqual([[...asked!.publicKey.user!.id], [...asked!.publicKey.excludeCredentials![0]!.id]], [[5], [6]]);
  assert.deepEqual(sent('passkey'), { ticket: 't', credential: { id: 'AQI', rawId: 'AQI', type: 'public-key', response: { clientDataJSON: 'Aw', attestationObject: '__4' } } });
  assert.equal((await person(NGOZI))!.passkey, ADDED);
});

test('one that is on this phone already is only noted', async () => {
  await changePerson(NGOZI, { passkey: null });
  refuses = 'InvalidStateError';
  answering({ 'passkey/options': () => ours({ ticket: 't', passkey: ADDED, options: { challenge: 'AA', user: { id: 'BQ' } } }) });
  assert.deepEqual(await add(await ngozi(), PIN), { end: 'ready' });
  assert.deepEqual([(await person(NGOZI))!.passkey, server.requests.length], [ADDED, 1]);
});

for (const [name, given, end, words] of [
  ['a wrong PIN', () => ours({ error: { code: 'pin-wrong', message: 'That PIN does not match. Ask your manager.' } }, 401), 'mend', 'That PIN does not match. Ask Priya.'],
  ['staff', () => ours({ error: { code: 'has-password', message: 'Kept there.' } }, 403), 'later', 'Kept there.'],
  ['an ended sign-in', () => errorReply(401, 'sign-in-ended'), 'code', 'Your sign-in on this phone has ended. Open Waiting to send and sign in there first.'],
  ['too many tries', () => errorReply(429, 'throttled', { 'retry-after': '61' }), 'later', 'Too many tries. Wait 2 minutes, then try again. Forgot it? Ask Priya for a new code.'],
  ['a portal', () => portal(), 'later', 'No signal. This needs signal: try again later.'],
] as const) {
  test(`${name} adds nothing and takes nothing away`, async () => {
    answering({ 'passkey/options': given, 'passkey/remove': given });
    for (const act of [add, remove]) assert.deepEqual(await act(await ngozi(), PIN), { end, words });
    assert.deepEqual([(await person(NGOZI))!.passkey, asked], [ADDED, null]);
  });
}

test('it is taken away with the PIN', async () => {
  answering({ 'passkey/remove': () => ours({ person: NGOZI }) });
  assert.deepEqual(await remove(await ngozi(), PIN), { end: 'ready' });
  assert.deepEqual([sent('passkey/remove'), (await person(NGOZI))!.passkey], [{ pin: PIN }, null]);
});

test('a new PIN chosen on this phone ends it, a sign-in of the browser does not', async () => {
  const enrolment = { dev: 'dev-2', append: 'a', read: 'r', person: { id: NGOZI, name: 'Ngozi Okafor' }, provider: { id: 'v', name: 'Bramble' } };
  answering({ '/api/v1/devices': () => ours(enrolment, 201), devices: () => ours(enrolment, 201) });
  await enrol(testDeps(server.fetch), '/api/v1/devices', 'csrf', null);
  assert.equal((await person(NGOZI))!.passkey, ADDED);
  await enrol(testDeps(server.fetch), '/api/v1/devices', 'csrf', curtain);
  assert.equal((await person(NGOZI))!.passkey, null);
});

test('a phone that is new to her says whether there is one to try', async () => {
  await joinedPhone();
  answering({ devices: () => ours({ dev: 'dev-2', append: 'a', read: 'r', person: { id: NGOZI, name: 'Ngozi Okafor' }, provider: { id: 'v', name: 'Bramble' }, passkey: ADDED }, 201) });
  const found = await enrol(testDeps(server.fetch), '/api/v1/devices', 'csrf', null);
  assert.deepEqual([found.end, found.end === 'pin' && found.row.passkey], ['pin', ADDED]);
});
