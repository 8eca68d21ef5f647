/** My passport: what it says with no signal, the file it makes, and what it asks the server for. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Passport, PassportItem, PassportLink } from '../../service_worker/core/api.ts';
import { isOurs } from '../../service_worker/core/outbox.ts';
import { asked, changeLinks, news } from '../../service_worker/page/passport/news.ts';
import { base64Url, grouped, holds, jwtOf, linkStanding, nameOf, presentation, saidBy, standingOf } from '../../service_worker/page/passport/rules.ts';
import type { Tools } from '../../service_worker/page/place-tools.ts';
import { setState, state } from '../../service_worker/store/person.ts';
import { person, value } from '../../service_worker/store/phone.ts';
import { json, post, read } from '../../service_worker/sync/api.ts';
import { NGOZI, SERVER, START, joinedPhone, testDeps, type Handler } from './support/phone.ts';
import { errorReply, portal, reply } from './support/server.ts';

const BODY = JSON.stringify({ name: 'Łucja', credentialSubject: { achievement: { description: 'Knows it.', alignment: [{ targetName: 'describe it' }] } }, evidence: [{ narrative: 'Dawn saw it.' }] });
const HEAD = '{"alg":"ES256"}';
const item = (more: Partial<PassportItem> = {}): PassportItem => ({ id: 'a', kind: 'knowledge', standard: 13, name: 'Standard 13, Health and safety: knowledge', at: '2026-11-20T10:00:00.000Z', signed: { head: HEAD, body: BODY, signature: 'c2ln' }, ...more });
const link = (more: Partial<PassportLink> = {}): PassportLink => ({ id: 'l', form: 'link', for: 'Thistle', since: '2026-11-20T10:00:00.000Z', until: '2026-11-27T23:59:59.000Z', items: ['a'], others: 0, looks: [], ...more });
const passport = (more: Partial<Passport> = {}): Passport => ({ proto: 1, server: SERVER, signs: true, items: [item()], links: [], ...more });
const toolsWith = (handler: Handler): Tools => ({ deps: testDeps(handler), isOurs, json, post, read, setState, state, value }) as unknown as Tools;
const ngozi = async (): Promise<NonNullable<Awaited<ReturnType<typeof person>>>> => ({ ...(await person(NGOZI))!, read: 'read-ngozi' });

beforeEach(() => joinedPhone());

test('both halves of a standard stand beside each other, of all places, and what is missing says so', () => {
  const places = [
    { provider: 'Bramble', passport: passport({ items: [item(), item({ kind: 'elective', standard: null, name: 'Falls: at home: module passed' })] }) },
    { provider: 'Thistle', passport: passport({ items: [item({ kind: 'standard', name: 'Standard 13, Health and safety: standard met' }), item({ kind: 'certificate', standard: null, name: 'Care Certificate: every standard signed off' })] }) },
  ];
  const groups = grouped(places);
  assert.deepEqual(groups.map(({ title }) => title), ['Care Certificate', '13. Health and safety', 'Other learning']);
  assert.deepEqual(groups[1]!.things.map(({ kind, provider }) => [kind, provider]), [['standard', 'Thistle'], ['knowledge', 'Bramble']]);
  assert.deepEqual(groups.map(({ missing }) => missing), [[], ['Practice seen at work'], []]);
  assert.equal(nameOf(groups[2]!.things[0]!), 'Falls: at home');
  assert.deepEqual(grouped([{ provider: 'Bramble', passport: passport({ items: [item({ withdrawn: '2026-11-21T00:00:00Z' })] }) }])[0]!.missing, ['Knowledge', 'Practice seen at work'], 'a half that was withdrawn is missing');
});

test('each thing says how it stands, and a quiz passed never looks like a standard that is complete', () => {
  const words = (more: Partial<PassportItem>): string => standingOf(item(more), START)[0];
  assert.deepEqual([words({}), words({ id: undefined! }), words({ withdrawn: '2026-11-21T00:00:00Z' }), words({ until: '2026-11-22T08:00:00Z' }), words({ until: '2026-11-22T10:00:00Z' })], ['Valid', 'Met, not signed', 'Withdrawn', 'Out of date', 'Valid']);
  assert.notEqual(standingOf(item(), START)[1], standingOf(item({ kind: 'standard' }), START)[1]);
  assert.deepEqual([item(), item({ id: undefined! }), item({ withdrawn: 'x' }), item({ until: '2026-11-22T08:00:00Z' })].map((one) => holds(one, START)), [true, false, false, false]);
  assert.deepEqual([link(), link({ taken_back: 'x' }), link({ until: '2026-11-22T08:00:00Z' })].map((one) => linkStanding(one, START)[0]), ['Open', 'Taken back', 'Ended']);
});

test('what was signed is read for its words, and nonsense says nothing', () => {
  assert.deepEqual(saidBy(item().signed), { words: 'Knows it.', lines: ['describe it'], evidence: ['Dawn saw it.'] });
  for (const body of ['', '{}', 'null', '{"credentialSubject":7}']) assert.equal(saidBy({ head: '', body, signature: '' }).words, '');
  assert.equal(saidBy(undefined).words, '');
});

test('the token comes out as it was signed, in any alphabet', () => {
  const packed = (text: string): string => Buffer.from(text).toString('base64url');
  assert.equal(jwtOf(item().signed!), `${packed(HEAD)}.${packed(BODY)}.c2ln`);
  assert.equal(base64Url(Uint8Array.from({ length: 16 }, (_, place) => 255 - place)).length, 22);
  assert.match(base64Url(new Uint8Array([251, 255, 254])), /^[\w-]+$/);
});

test('the file is a presentation of what is signed, each in an envelope', () => {
  const file = presentation([item(), item({ id: undefined!, signed: undefined! })]) as { type: string[]; verifiableCredential: { id: string; type: string }[] };
  assert.deepEqual(file.type, ['VerifiablePresentation']);
  assert.deepEqual(file.verifiableCredential.map(({ id, type }) => [id.split(',')[0], type]), [['data:application/vc+jwt', 'EnvelopedVerifiableCredential']]);
});

test('it is fetched by its tag, stays with no signal, and only our server changes it', async () => {
  const tags: (string | null)[] = [];
  let answer: () => Response = () => reply(passport(), 200, { etag: '"p"' });
  const tools = toolsWith((address, init) => {
    assert.equal(address, '/api/v1/passport');
    tags.push(new Headers(init.headers).get('if-none-match'));
    return answer();
  });
  await news(tools, await ngozi());
  answer = () => new Response(null, { status: 304 });
  await news(tools, await ngozi());
  for (const wrong of [() => portal(), () => reply({ ...passport({ items: [] }), server: 'another' }), () => reply({ proto: 1, server: SERVER }), () => errorReply(403, 'place-ended')]) {
    answer = wrong;
    await news(tools, await ngozi());
  }
  answer = () => {
    throw new TypeError('no line');
  };
  await news(tools, await ngozi());
  assert.deepEqual(tags, [null, ...Array(6).fill('"p"')]);
  assert.equal((await state(NGOZI, 'passport'))!.items.length, 1);
});

test('reading it says nothing about whether somebody still works there', async () => {
  const before = await person(NGOZI);
  await news(toolsWith(() => reply(passport())), await ngozi());
  assert.equal((await person(NGOZI))!.refused, before!.refused);
});

test('a change of links is kept as the server says they are now; the next look asks for all of it', async () => {
  await setState(NGOZI, { passport: passport(), 'etag:passport': '"p"' });
  const tools = toolsWith((address, init) => {
    assert.deepEqual([address, JSON.parse(String(init.body))], ['/api/v1/passport/links', { id: 'l' }]);
    return reply({ proto: 1, server: SERVER, links: [link()] }, 201);
  });
  assert.equal(await changeLinks(tools, await ngozi(), 'passport/links', { id: 'l' }), null);
  assert.deepEqual((await state(NGOZI, 'passport'))!.links.map(({ id }) => id), ['l']);
  assert.equal(await state(NGOZI, 'etag:passport'), undefined);
});

test('why not is said in words: no signal, a portal, a sign-in that ended, what the server minds', async () => {
  const why = async (answer: () => Response): Promise<string> => {
    const found = await asked(toolsWith(answer), await ngozi(), 'passport/links', {});
    assert.ok('words' in found);
    return found.words;
  };
  const none = (): Response => {
    throw new TypeError('no line');
  };
  assert.match(await why(none), /^No signal/);
  assert.match(await why(() => portal()), /^No signal/);
  assert.match(await why(() => errorReply(401)), /sign in there first/);
  assert.equal(await why(() => reply({ proto: 1, server: SERVER, error: { code: 'x', message: 'Tick one.' } }, 400)), 'Tick one.');
  const file = await asked(toolsWith(() => new Response('%PDF-', { headers: { 'content-type': 'application/pdf' } })), await ngozi(), 'passport/pdf', {});
  assert.ok('body' in file && file.body.length === 5);
  assert.ok('words' in (await asked(toolsWith(none), { ...(await ngozi()), read: null }, 'passport/pdf', {})));
});
