import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LONGEST, LONGEST_UNHEARD, isWaiting, jitter, lengthened, retryAfter } from '../../service_worker/core/backoff.ts';
import { escapeHtml, fill } from '../../service_worker/core/compose.ts';
import { climbed } from '../../service_worker/core/climbed.ts';
import { STEPS, dueNow, firstLookBack } from '../../service_worker/core/ladder.ts';
import { outcome, wordFor } from '../../service_worker/core/marking.ts';
import { mulberry32, shuffled } from '../../service_worker/core/order.ts';
import { difference, halves, isDue, nextBatch, shownAs, utf8Length } from '../../service_worker/core/outbox.ts';
import { newId, newRecord, type Kept } from '../../service_worker/core/records.ts';
import { START, luck, readLesson, stamp } from './support/phone.ts';

const DAY = 86_400_000;
const kept = (seq: number, more: Partial<Kept> = {}): Kept => ({
  ...readLesson(stamp()), dev: 'dev-1', seq, st: 'kept', tries: 0, next: 0, since: null, r: null, code: null, received: null, ...more,
});

test('an id is a UUID of version 7 that begins with the time', () => {
  const now = Date.parse('2040-01-01T00:00:00Z');
  const id = newId(now, luck(5));
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(parseInt(id.replaceAll('-', '').slice(0, 12), 16), now);
});

test('ids made within one millisecond sort in the order they were made', () => {
  const random = luck(11);
  const ids = Array.from({ length: 10_000 }, () => newId(START, random));
  assert.deepEqual(ids, [...ids].sort());
  assert.equal(new Set(ids).size, ids.length);
});

test('ids go on rising when the clock is set back', () => {
  const first = newId(Date.parse('2041-01-01T00:00:00Z'), luck(1));
  assert.ok(newId(START, luck(1)) > first);
});

test('a record carries the time, the offset and the build it was made with', () => {
  const record = newRecord({ ...stamp(), mono: 12.6, off: -250 }, 'lesson.read', 'sha', { module: 'm', edition_no: 1, lesson: 'l', part: 1, seconds: 3 });
  assert.deepEqual([record.at, record.mono, record.off, record.app, record.v], ['2026-11-22T09:00:00.000Z', 13, -250, 'build-1', 1]);
});

test('the same seed gives the same order, another question another one', () => {
  const items = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  assert.deepEqual(shuffled(items, 42, 'q1'), shuffled(items, 42, 'q1'));
  assert.notDeepEqual(shuffled(items, 42, 'q1'), shuffled(items, 42, 'q2'));
});

test('a shuffle keeps every answer once and leaves the list it was given alone', () => {
  const items = ['a', 'b', 'c', 'd'];
  assert.deepEqual([...shuffled(items, 9)].sort(), items);
  assert.deepEqual(items, ['a', 'b', 'c', 'd']);
});

test('each place is about equally likely for the right answer', () => {
  const places = [0, 0, 0];
  for (let seed = 0; seed < 3000; seed += 1) places[shuffled(['right', 'b', 'c'], seed, 'q').indexOf('right')]! += 1;
  assert.ok(places.every((count) => count > 850 && count < 1150), String(places));
});

test('mulberry32 gives its published numbers', () => {
  const random = mulberry32(1);
  assert.deepEqual([random(), random()].map((value) => value.toFixed(6)), ['0.627074', '0.002736']);
});

test('a question learned today is asked again tomorrow', () => {
  const item = firstLookBack('falls', 'q', START);
  assert.deepEqual(dueNow([item], START + DAY - 1), []);
  assert.deepEqual(dueNow([item], START + DAY), [item]);
});

test('right answers stretch the gaps to 7, 30, 90 and 180 days and no further', () => {
  let item = firstLookBack('falls', 'q', START);
  const gaps = [];
  for (let round = 0; round < 6; round += 1) {
    item = climbed(item, 100, START);
    gaps.push((Date.parse(item.due) - START) / DAY);
  }
  assert.deepEqual(gaps, [7, 30, 90, 180, 180, 180]);
  assert.equal(STEPS.length, 5);
});

test('a missed question comes back the next day', () => {
  const item = climbed({ module: 'falls', question: 'q', step: 3, due: '' }, 50, START);
  assert.deepEqual([item.step, Date.parse(item.due) - START], [0, DAY]);
});

test('a look back asks at most five questions, the longest due first', () => {
  const items = Array.from({ length: 8 }, (_, index) => ({ module: 'm', question: `q${index}`, step: 0, due: new Date(START - index * DAY).toISOString() }));
  assert.deepEqual(dueNow(items, START).map((item) => item.question), ['q7', 'q6', 'q5', 'q4', 'q3']);
});

test('waits are random, double from two seconds, and never pass fifteen minutes', () => {
  assert.equal(jitter(0, 0.5), 1000);
  assert.equal(jitter(3, 0.999999), 15999);
  assert.equal(jitter(0, 0), 0);
  assert.ok(jitter(400, 0.999999) < LONGEST);
});

test('where nobody answered the wait stays short, however often it happened', () => {
  assert.equal(lengthened({ n: 40, since: 0, until: 0 }, START, 0.5, { unheard: true }).until, START + LONGEST_UNHEARD / 2);
});

test('a wait the server asks for wins over a shorter one of ours', () => {
  assert.equal(lengthened(undefined, START, 0.9, { asked: 60_000 }).until, START + 60_000);
  assert.equal(lengthened({ n: 10, since: 0, until: 0 }, START, 0.5, { asked: 1000 }).until, START + LONGEST / 2);
});

test('no server can silence a phone for more than a day', () => {
  assert.equal(lengthened(undefined, START, 0, { asked: 400 * DAY }).until, START + DAY);
});

test('a wait is over when its time has come or when the clock went back before it began', () => {
  const wait = { n: 1, since: START, until: START + 1000 };
  assert.deepEqual([START - 1, START, START + 999, START + 1000].map((now) => isWaiting(wait, now)), [false, true, true, false]);
});

test('Retry-After is read as seconds, as a date, and as nothing when it makes no sense', () => {
  assert.equal(retryAfter('120', START), 120_000);
  assert.equal(retryAfter('Sun, 22 Nov 2026 09:01:00 GMT', START), 60_000);
  assert.equal(retryAfter('Sun, 22 Nov 2020 09:01:00 GMT', START), 0);
  assert.deepEqual([retryAfter('soon', START), retryAfter(null, START)], [0, 0]);
});

test('bytes are counted as they are sent', () => {
  for (const text of ['plain', 'Ẹ káàárọ̀', 'żółć', '👵🏾', '']) assert.equal(utf8Length(text), Buffer.byteLength(text));
});

test('a batch is filled oldest first whatever order the store gave', () => {
  assert.deepEqual(nextBatch([kept(3), kept(1), kept(2)]).map((record) => record.seq), [1, 2, 3]);
});

test('a record of more than 64 KB goes alone', () => {
  const large = kept(1, { data: { module: 'x'.repeat(70_000), edition_no: 1, lesson: 'l', part: 1, seconds: 1 } });
  assert.deepEqual(nextBatch([large, kept(2)]).map((record) => record.seq), [1]);
  assert.deepEqual(nextBatch([kept(0), large]).map((record) => record.seq), [0]);
});

test('halving a batch loses nobody', () => {
  assert.deepEqual(halves([1, 2, 3, 4, 5]), [[1, 2, 3], [4, 5]]);
  assert.deepEqual(halves([1]), [[1], []]);
});

test('a record is due when its wait is over, or when the wait cannot be one of ours', () => {
  const times = [START - 1, START, START + 1000, START + LONGEST + 1];
  assert.deepEqual(times.map((next) => isDue(kept(1, { next }), START)), [true, true, false, true]);
  assert.equal(isDue(kept(1, { st: 'refused' }), START), false);
});

test('the difference says what to send again, what to note and what to forget', () => {
  const records = [kept(1, { id: 'lost', st: 'receipted' }), kept(2, { id: 'there', st: 'receipted' }), kept(3, { id: 'waiting' }), kept(4, { id: 'fresh', st: 'receipted' })];
  assert.deepEqual(difference(['there', 'waiting', 'strange', 'old-ghost'], records, ['old-ghost', 'gone'], new Set(['fresh'])), {
    requeue: ['lost'], ghosts: ['strange'], gone: ['gone'],
  });
});

test('after failing for seven days a record is shown as not sent', () => {
  assert.equal(shownAs(kept(1), START), 'waiting');
  assert.equal(shownAs(kept(1, { since: START - 7 * DAY + 1 }), START), 'waiting');
  assert.equal(shownAs(kept(1, { since: START - 7 * DAY }), START), 'not-sent');
});

test('a refused record is shown as not sent, a held one as held, a receipted one as sent', () => {
  assert.equal(shownAs(kept(1, { st: 'refused', r: 'refused' }), START), 'not-sent');
  assert.equal(shownAs(kept(1, { st: 'receipted', r: 'held' }), START), 'held');
  assert.equal(shownAs(kept(1, { st: 'receipted', r: 'duplicate' }), START), 'sent');
});

test('an outcome has the same three words everywhere', () => {
  assert.deepEqual([100, 99, 1, 0].map(wordFor), ['right', 'partly', 'partly', 'not quite']);
});

test('an answer that cannot be read scores nothing and breaks nothing', () => {
  const base = { id: 'q', prompt: '', instruction: '', criteria: [], must: false, practise: false, hint: null, feedback: 'instant' as const };
  const question = { ...base, kind: 'matching' as const, left: [], right: [], pairs: { toString: 'p', a: 'p' } };
  for (const answer of [null, undefined, 'a', ['p'], 7, {}] as never[]) assert.equal(outcome(question, answer), 0);
});

test('filling a shell is one pass, so a lesson that shows a token is not filled again', () => {
  assert.equal(fill('<h1>%%title%%</h1>%%body%%%%unknown%%', { title: '%%body%%', body: '$& $1' }), '<h1>%%body%%</h1>$& $1');
});

test('text becomes HTML the way the server writes it', () => {
  assert.equal(escapeHtml(`<a href="x">Tom & 'Jo'</a>`), '&lt;a href=&quot;x&quot;&gt;Tom &amp; &#x27;Jo&#x27;&lt;/a&gt;');
});

test('an inherited name is no token', () => {
  assert.equal(fill('%%constructor%%', {}), '');
});
