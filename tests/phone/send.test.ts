import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { changeRecords, keep, records, state, waiting } from '../../service_worker/store/person.ts';
import { changePerson, person, setValue, value } from '../../service_worker/store/phone.ts';
import { sendAll, tryAgain } from '../../service_worker/sync/send.ts';
import { NGOZI, START, aPerson, joinedPhone, keepSome, readLesson, stamp, testDeps, type TestDeps } from './support/phone.ts';
import { FakeServer, errorReply, portal, reply } from './support/server.ts';

let server: FakeServer;
let deps: TestDeps;

beforeEach(async () => {
  await joinedPhone();
  server = new FakeServer();
  deps = testDeps(server.fetch);
});

const states = async (): Promise<string[]> => (await records(NGOZI)).map((record) => record.st);

test('what was kept reaches the server and is receipted', async () => {
  const kept = await keepSome(3);
  const report = await sendAll(deps);
  assert.deepEqual([...server.log.keys()], kept.map((record) => record.id));
  assert.deepEqual(await states(), ['receipted', 'receipted', 'receipted']);
  assert.deepEqual(report, { ran: true, people: [{ person: NGOZI, sent: 3, held: 0, refused: 0, left: 0, end: 'done' }] });
});

test('a receipted record stays on the phone with the server time of its receipt', async () => {
  await keepSome(1);
  server.now = START + 5000;
  await sendAll(deps);
  assert.equal((await records(NGOZI))[0]!.received, new Date(START + 5000).toISOString());
});

test('the local part of a record is never sent', async () => {
  await keepSome(1);
  await sendAll(deps);
  assert.deepEqual(Object.keys(server.batches[0]!.records[0]!), ['id', 'v', 'kind', 'dev', 'seq', 'at', 'mono', 'off', 'edition', 'app', 'lang', 'data']);
});

test('a batch says who, which phone, which build and what the phone believes the server to hold', async () => {
  await keepSome(1);
  await sendAll(deps);
  const { proto, server: to, dev, person: who, app, held } = server.batches[0]!;
  assert.deepEqual({ proto, to, dev, who, app, held }, { proto: 1, to: 'server-1', dev: 'dev-1', who: NGOZI, app: 'build-1', held: { n: 0, x: '0000000000000000' } });
});

test('requests carry no cookie, follow no redirect and have a time-out', async () => {
  await keepSome(1);
  await sendAll(deps);
  const { init } = server.requests[0]!;
  assert.deepEqual([init.credentials, init.redirect, init.cache], ['omit', 'error', 'no-store']);
  assert.ok(init.signal instanceof AbortSignal);
});

test('2,000 records of three months go in batches of at most 50, oldest first, each once', async () => {
  await keepSome(2000);
  const report = await sendAll(deps);
  assert.equal(report.people[0]!.sent, 2000);
  assert.equal(server.batches.length, 40);
  assert.ok(server.batches.every((batch) => batch.records.length <= 50));
  const seqs = server.batches.flatMap((batch) => batch.records.map((record) => record.seq));
  assert.deepEqual(seqs, [...seqs].sort((one, other) => one - other));
});

test('a batch of long records stays under 64 KB', async () => {
  const long = Array.from({ length: 10 }, (_, index) => readLesson(stamp(), `${index}`.padEnd(20_000, 'x')));
  await keep(NGOZI, long);
  await sendAll(deps);
  assert.ok(server.requests.every((request) => String(request.init.body).length < 66_000));
  assert.equal(server.log.size, 10);
});

test('nothing is asked of the server when there was never anything to send', async () => {
  await sendAll(deps);
  assert.equal(server.requests.length, 0);
});

test('a portal that answers 200 with a page delivers nothing', async () => {
  await keepSome(2);
  server.trouble = () => portal();
  const report = await sendAll(deps);
  assert.deepEqual(await states(), ['kept', 'kept']);
  assert.equal(report.people[0]!.end, 'no-answer');
});

test('a JSON reply of another server delivers nothing', async () => {
  await keepSome(1);
  server.tamper = (given) => ({ ...given, server: 'server-2' });
  await sendAll(deps);
  assert.deepEqual(await states(), ['kept']);
});

test('the reply to another batch delivers nothing', async () => {
  await keepSome(1);
  server.tamper = (given) => ({ ...given, batch: 'an-old-batch' });
  await sendAll(deps);
  assert.deepEqual(await states(), ['kept']);
});

test('a reply in another protocol delivers nothing', async () => {
  await keepSome(1);
  server.tamper = (given) => ({ ...given, proto: 2 });
  await sendAll(deps);
  assert.deepEqual(await states(), ['kept']);
});

test('a reply cut off anywhere delivers nothing and loses nothing', async () => {
  await keepSome(1);
  for (const part of [0, 1, 40, 120]) {
    server.tamper = (given) => new Response(JSON.stringify(given).slice(0, part), { status: 200 });
    await sendAll(deps, { force: true });
    assert.deepEqual(await states(), ['kept'], `cut after ${part}`);
  }
  server.tamper = (given) => given;
  await sendAll(deps, { force: true });
  assert.deepEqual(await states(), ['receipted']);
});

test('only records named in the receipts move', async () => {
  const kept = await keepSome(3);
  server.tamper = (given) => ({ ...given, receipts: given.receipts.filter((receipt) => receipt.id !== kept[1]!.id) });
  const report = await sendAll(deps);
  assert.deepEqual(await states(), ['receipted', 'kept', 'receipted']);
  assert.equal(report.people[0]!.left, 1);
});

test('a receipt for a record that was not in the batch moves nothing', async () => {
  await keepSome(1);
  const [foreign] = await keep(NGOZI, [readLesson(stamp(START + 1))]);
  await changeRecords(NGOZI, [foreign!.id], (record) => ({ ...record, next: START + 60_000, tries: 1 }));
  server.tamper = (given) => ({ ...given, receipts: [...given.receipts, { id: foreign!.id, r: 'stored' }] });
  await sendAll(deps);
  assert.deepEqual(await states(), ['receipted', 'kept']);
});

for (const [what, more] of [['words nobody agreed on', { r: 'fine' }], ['no word', { r: 7 }], ['no id', { id: 7 }]] as const) {
  test(`a receipt with ${what} receipts nothing`, async () => {
    await keepSome(1);
    server.tamper = (given) => ({ ...given, receipts: given.receipts.map((receipt) => ({ ...receipt, ...(more as object) })) });
    await sendAll(deps);
    assert.deepEqual(await states(), ['kept']);
  });
}

test('after a lost reply the records are sent again and come back as duplicates', async () => {
  await keepSome(4);
  server.tamper = () => {
    throw new TypeError('connection lost');
  };
  await sendAll(deps);
  assert.deepEqual([server.log.size, await states()], [4, ['kept', 'kept', 'kept', 'kept']]);
  server.tamper = (given) => given;
  await sendAll(deps, { force: true });
  assert.equal(server.log.size, 4);
  assert.deepEqual((await records(NGOZI)).map((record) => record.r), Array(4).fill('duplicate'));
});

test('held records count as sent and say why a person must look at them', async () => {
  await keepSome(1);
  server.judge = () => ({ r: 'held', code: 'unknown-edition' });
  const report = await sendAll(deps);
  const [record] = await records(NGOZI);
  assert.deepEqual([record!.st, record!.r, record!.code], ['receipted', 'held', 'unknown-edition']);
  assert.deepEqual([report.people[0]!.sent, report.people[0]!.held], [1, 1]);
});

test('a refused record is parked with its reason and is not sent again by itself', async () => {
  await keepSome(2);
  server.judge = (record) => (record.seq === 1 ? { r: 'refused', code: 'too-large' } : {});
  await sendAll(deps);
  await sendAll(deps, { force: true });
  const [parked] = await records(NGOZI);
  assert.deepEqual([parked!.st, parked!.code], ['refused', 'too-large']);
  assert.equal(server.batches.flatMap((batch) => batch.records).filter((record) => record.id === parked!.id).length, 1);
});

test('a refused record goes again when its person taps Try again', async () => {
  await keepSome(1);
  server.judge = () => ({ r: 'refused', code: 'unreadable' });
  await sendAll(deps);
  server.judge = () => ({});
  assert.equal(await tryAgain(NGOZI, [(await records(NGOZI))[0]!.id]), 1);
  await sendAll(deps);
  assert.deepEqual(await states(), ['receipted']);
});

test('the result that comes with a receipt is kept with the record', async () => {
  await keepSome(1);
  server.judge = () => ({ result: { score: 80, passed: true } });
  await sendAll(deps);
  assert.deepEqual((await records(NGOZI))[0]!.result, { score: 80, passed: true });
});

for (const status of [401, 403]) {
  test(`a ${status} of our server pauses this person's sending and keeps everything`, async () => {
    await keepSome(2);
    server.trouble = () => errorReply(status);
    const report = await sendAll(deps);
    assert.equal(report.people[0]!.end, 'paused');
    assert.equal((await person(NGOZI))!.paused, 'sign-in');
    assert.equal((await waiting(NGOZI)).length, 2);
    await sendAll(deps);
    assert.equal(server.requests.length, 1);
  });

  test(`a ${status} of a portal pauses nothing`, async () => {
    await keepSome(1);
    server.trouble = () => portal(status);
    const report = await sendAll(deps);
    assert.equal(report.people[0]!.end, 'no-answer');
    assert.equal((await person(NGOZI))!.paused ?? null, null);
  });
}

test('a 409 pauses because the token is another person\'s', async () => {
  await changePerson(NGOZI, { append: 'append-tom' });
  await keepSome(1);
  await sendAll(deps);
  assert.equal((await person(NGOZI))!.paused, 'other-person');
  assert.equal(server.log.size, 0);
});

test('"Send now" tries in spite of a pause, and success ends the pause', async () => {
  await keepSome(1);
  await changePerson(NGOZI, { paused: 'sign-in' });
  await sendAll(deps, { force: true });
  assert.deepEqual(await states(), ['receipted']);
  assert.equal((await person(NGOZI))!.paused, null);
});

test('without a token nothing is sent and nothing is lost', async () => {
  await changePerson(NGOZI, { append: null });
  await keepSome(1);
  assert.equal((await sendAll(deps)).people[0]!.end, 'paused');
  assert.deepEqual([server.requests.length, await states()], [0, ['kept']]);
});

test('a 413 halves the batch until it passes, whoever said it', async () => {
  await keepSome(50);
  server.trouble = (request) => (request.batch!.records.length > 12 ? portal(413) : undefined);
  const report = await sendAll(deps);
  assert.equal(report.people[0]!.sent, 50);
});

test('one record too large for a proxy does not hold up the others', async () => {
  const kept = await keepSome(9);
  server.trouble = (request) => (request.batch!.records.some((record) => record.id === kept[4]!.id) ? portal(413) : undefined);
  const report = await sendAll(deps);
  assert.deepEqual([report.people[0]!.sent, report.people[0]!.left], [8, 1]);
});

for (const status of [400, 422, 500]) {
  test(`one record that makes the server answer ${status} does not hold up the 49 others`, async () => {
    const kept = await keepSome(50);
    server.trouble = (request) => (request.batch!.records.some((record) => record.id === kept[17]!.id) ? errorReply(status) : undefined);
    const report = await sendAll(deps);
    assert.equal(report.people[0]!.sent, 49);
    const [poison] = await waiting(NGOZI);
    assert.deepEqual([poison!.id, poison!.tries, poison!.code, poison!.since], [kept[17]!.id, 1, `http-${status}`, START]);
  });
}

test('two bad records side by side do not hold up the others for long', async () => {
  const kept = await keepSome(20);
  const bad = new Set([kept[6]!.id, kept[7]!.id]);
  server.trouble = (request) => (request.batch!.records.some((record) => bad.has(record.id)) ? errorReply(500) : undefined);
  for (let run = 0; run < 4; run += 1) {
    await sendAll(deps);
    deps.clock.now += 20 * 60_000;
  }
  assert.deepEqual((await waiting(NGOZI)).map((record) => record.id), [...bad]);
});

test('a server that fails every request is left alone after ten', async () => {
  await keepSome(200);
  server.trouble = () => errorReply(500);
  const report = await sendAll(deps);
  assert.equal(report.people[0]!.end, 'trouble');
  assert.ok(server.requests.length <= 10);
});

test('a gateway error is not a reason to split', async () => {
  await keepSome(20);
  server.trouble = () => portal(502);
  await sendAll(deps);
  assert.equal(server.requests.length, 1);
});

for (const status of [429, 503]) {
  test(`a ${status} is obeyed for as long as it asks, even after the app was closed`, async () => {
    await keepSome(1);
    server.trouble = () => errorReply(status, 'busy', { 'retry-after': '600' });
    assert.equal((await sendAll(deps)).people[0]!.end, 'busy');
    server.trouble = () => undefined;
    deps.clock.now += 599_000;
    const later = testDeps(server.fetch);
    later.clock.now = deps.clock.now;
    assert.equal((await sendAll(later)).people[0]!.end, 'wait');
    later.clock.now += 2000;
    assert.equal((await sendAll(later)).people[0]!.sent, 1);
  });
}

test('"Send now" overrides a wait', async () => {
  await keepSome(1);
  server.trouble = () => errorReply(503, 'busy', { 'retry-after': '600' });
  await sendAll(deps);
  server.trouble = () => undefined;
  assert.equal((await sendAll(deps, { force: true })).people[0]!.sent, 1);
});

test('success ends the wait for the next record', async () => {
  await keepSome(1);
  server.trouble = () => portal();
  await sendAll(deps);
  server.trouble = () => undefined;
  await sendAll(deps, { force: true });
  assert.equal(await state(NGOZI, 'backoff'), undefined);
});

test('after failures the first batch is smaller, so that a slow line can carry it, and grows again with success', async () => {
  await keepSome(80);
  server.trouble = () => portal();
  for (let run = 0; run < 3; run += 1) await sendAll(deps, { force: true });
  server.trouble = () => undefined;
  await sendAll(deps, { force: true });
  assert.deepEqual(server.batches.map((batch) => batch.records.length), [50, 25, 12, 6, 12, 24, 38]);
  assert.equal(server.log.size, 80);
});

test('a silent server is given up after the time-out', async () => {
  await keepSome(1);
  server.trouble = () => new Promise<Response>(() => undefined);
  const sending = sendAll(deps);
  const nag = setInterval(() => deps.ring(), 5);
  assert.equal((await sending).people[0]!.end, 'no-answer');
  clearInterval(nag);
  assert.deepEqual(await states(), ['kept']);
});

test('a reply that stalls half way is given up and delivers nothing', async () => {
  await keepSome(1);
  server.tamper = (given) => new Response(new ReadableStream({ start: (to) => to.enqueue(new TextEncoder().encode(JSON.stringify(given).slice(0, 30))) }));
  const sending = sendAll(deps);
  const nag = setInterval(() => deps.ring(), 5);
  assert.equal((await sending).people[0]!.end, 'no-answer');
  clearInterval(nag);
  assert.deepEqual(await states(), ['kept']);
});

test('no signal for a week shows as not sent since the first failure, and still goes when it can', async () => {
  await keepSome(1);
  server.trouble = () => Promise.reject(new TypeError('no signal'));
  await sendAll(deps);
  deps.clock.now += 8 * 86_400_000;
  await sendAll(deps);
  assert.equal((await waiting(NGOZI))[0]!.since, START);
  server.trouble = () => undefined;
  await sendAll(deps, { force: true });
  assert.deepEqual(await states(), ['receipted']);
});

test('a phone that knows no server asks who is there before it shows a token', async () => {
  await joinedPhone();
  const { setValue: set } = await import('../../service_worker/store/phone.ts');
  await set('server', undefined as unknown as string);
  await keepSome(1);
  await sendAll(deps);
  assert.ok(server.requests[0]!.path.startsWith('ping?n='));
  assert.equal(server.requests[0]!.token, null);
  assert.equal(await value('server'), 'server-1');
});

test('another server at the same address gets no record', async () => {
  await setValue('clockOffset', undefined as unknown as { off: number; at: number });
  await keepSome(1);
  server.trouble = (request) => (request.path.startsWith('ping') ? reply({ proto: 1, server: 'server-9', n: request.path.split('n=')[1], now: new Date(START).toISOString() }) : undefined);
  await sendAll(deps);
  assert.equal(server.batches.length, 0);
  assert.equal(await value('server'), 'server-1');
});

test('each reply sets the clock offset', async () => {
  await keepSome(1);
  server.now = START + 7200_000;
  await sendAll(deps);
  assert.equal((await value('clockOffset'))!.off, 7200_000);
});

test('a phone two years wrong sends all the same', async () => {
  deps.clock.now = Date.parse('2024-01-01T00:00:00Z');
  await keepSome(2, NGOZI, stamp(deps.clock.now));
  await sendAll(deps);
  assert.equal(server.log.size, 2);
});

test('a line that lies about the date makes nothing on the phone old', async () => {
  await keepSome(1);
  await sendAll(deps);
  server.now = START + 2 * 365 * 86_400_000;
  await keepSome(1);
  await sendAll(deps);
  assert.ok((await value('clockOffset'))!.off > 0);
  await keepSome(1);
  await sendAll(deps);
  assert.deepEqual(await states(), ['receipted', 'receipted', 'receipted']);
});

test('a clock set back does not stretch a stored wait', async () => {
  await keepSome(1);
  server.trouble = () => portal();
  await sendAll(deps);
  server.trouble = () => undefined;
  deps.clock.now -= 400 * 86_400_000;
  assert.equal((await sendAll(deps)).people[0]!.sent, 1);
});

test('a clock set back does not keep a record waiting for its next try', async () => {
  const kept = await keepSome(1);
  await changeRecords(NGOZI, [kept[0]!.id], (record) => ({ ...record, tries: 3, next: START + 400 * 86_400_000 }));
  assert.equal((await sendAll(deps)).people[0]!.sent, 1);
});

test('only the person asked for is sent', async () => {
  await joinedPhone(aPerson(), aPerson({ id: 'person-tom', name: 'Tom', dev: 'dev-tom', append: 'append-tom' }));
  await keepSome(1);
  await keepSome(1, 'person-tom');
  await sendAll(deps, { person: 'person-tom' });
  assert.deepEqual(server.batches.map((batch) => batch.person), ['person-tom']);
});

test('a backlog is read from the phone once, and each batch says what the ones before it brought', async () => {
  await keepSome(500);
  const real = IDBObjectStore.prototype.getAll;
  let reads = 0;
  IDBObjectStore.prototype.getAll = function (this: IDBObjectStore, ...given) {
    if (this.name === 'records') reads += 1;
    return real.apply(this, given);
  };
  await sendAll(deps).finally(() => (IDBObjectStore.prototype.getAll = real));
  assert.deepEqual(server.batches.map((batch) => batch.held.n), Array.from({ length: server.batches.length }, (_, index) => index * 50));
  assert.equal(server.batches.length, 10);
  assert.equal(reads, 2);
});

test("one person's broken database does not hold up another's records", async () => {
  await joinedPhone(aPerson(), aPerson({ id: 'person-tom', dev: 'dev-tom', append: 'append-tom' }));
  await keepSome(1);
  await keepSome(1, 'person-tom');
  const real = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...given: Parameters<typeof real>) {
    if (this.name === `person-${NGOZI}`) throw new DOMException('broken', 'UnknownError');
    return real.apply(this, given);
  } as typeof real;
  await assert.rejects(sendAll(deps).finally(() => (IDBDatabase.prototype.transaction = real)), { name: 'NotSaved' });
  assert.deepEqual((await records('person-tom')).map((record) => record.st), ['receipted']);
  assert.deepEqual(await states(), ['kept']);
});
