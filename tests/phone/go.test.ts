import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { answer, choose, type Draft } from '../../service_worker/core/attempt.ts';
import type { Edition } from '../../service_worker/core/edition.ts';
import { Go } from '../../service_worker/page/go.ts';
import { draft, lookBacks, records, setState } from '../../service_worker/store/person.ts';
import { putPerson, setValue } from '../../service_worker/store/phone.ts';
import { NGOZI, aPerson, anEdition, hexOf, newPhone, silentDatabase, testDeps, type TestDeps } from './support/phone.ts';

Object.assign(globalThis, { document: { visibilityState: 'visible', addEventListener: () => undefined } });

const option = (key: string, right: boolean) => ({ key, html: key, feedback: null, right });
const falls: Edition = {
  ...anEdition('falls', 3),
  parts: [
    { kind: 'lesson', id: 'look', title: 'Look', html: '', text: '' },
    { kind: 'question', id: 'q1', lesson: 'look', title: '', question: { id: 'q1', prompt: '', instruction: '', criteria: [], must: true, practise: false, hint: null, feedback: 'instant', kind: 'single', options: [option('a', true), option('b', false)] } },
  ],
};
const body = JSON.stringify(falls);
const sha = hexOf(body);
const place = (part: number) => ({ module: 'falls', edition: 3, sha, part, parts: 2 });
let deps: TestDeps;

beforeEach(async () => {
  newPhone();
  deps = testDeps(() => Promise.reject(new TypeError('no line')));
  await (await deps.caches.open('editions')).put(`/e/${sha}`, new Response(body));
  await putPerson(aPerson());
  await setValue('person', NGOZI);
});

test('looking at a page leaves nothing; the first act begins the go', async () => {
  const go = await Go.open(deps, place(2));
  await go.arrive();
  assert.equal(await draft(NGOZI, 'falls'), undefined);
  await go.save((one) => choose(one, 'q1', 'b'));
  assert.deepEqual([(await draft(NGOZI, 'falls'))?.choosing, (await draft(NGOZI, 'falls'))?.part], [{ q1: 'b' }, 2]);
});

test('a page with an old draft in memory does not undo what was answered since', async () => {
  await (await Go.open(deps, place(1))).save((one) => one, 2);
  const old = await Go.open(deps, place(1));
  await (await Go.open(deps, place(2))).give('q1', 'a');
  await old.save((one) => one, 2);
  assert.deepEqual((await draft(NGOZI, 'falls'))?.answers, { q1: ['a'] });
});

test('taps in quick succession are all kept, in their order', async () => {
  const go = await Go.open(deps, place(2));
  await Promise.all([go.save((one) => choose(one, 'q1', 'b')), go.save((one) => answer(one, 'q1', 'b')), go.save((one) => answer(one, 'q1', 'a'))]);
  assert.deepEqual([(await draft(NGOZI, 'falls'))?.answers, (await draft(NGOZI, 'falls'))?.choosing], [{ q1: ['b', 'a'] }, {}]);
});

test('what could not be stored is stored with the next try', async () => {
  const go = await Go.open(deps, place(2));
  const real = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  await assert.rejects(go.give('q1', 'b'), { name: 'NotSaved' });
  IDBObjectStore.prototype.put = real;
  assert.deepEqual(((await go.copy()).drafts[0] as Draft).answers, { q1: ['b'] });
  await go.save((one) => one);
  assert.deepEqual((await draft(NGOZI, 'falls'))?.answers, { q1: ['b'] });
});

test('what only her other place has is learned there, wherever she is at', async () => {
  const other = `${NGOZI}~thistle`;
  await putPerson(aPerson({ id: other, uuid: NGOZI, dev: 'dev-2', provider: { id: 'thistle', name: 'Thistle Care' } }));
  await setValue('person', other);
  const lists = (key: string) => ({ catalogue: { modules: [{ key }] } }) as never;
  await setState(NGOZI, lists('falls'));
  await setState(other, lists('hands'));
  await (await Go.open(deps, place(2))).give('q1', 'a');
  assert.deepEqual([(await draft(NGOZI, 'falls'))?.answers, await draft(other, 'falls')], [{ q1: ['a'] }, undefined]);
  await (await Go.open(deps, place(0))).finish();
  assert.deepEqual([(await records(NGOZI)).map(({ dev }) => dev), (await records(other)).length], [['dev-1'], 0]);
  // What both have is learned at the one she is at.
  await setState(other, lists('falls'));
  await (await Go.open(deps, place(2))).give('q1', 'a');
  assert.deepEqual([await draft(NGOZI, 'falls'), (await draft(other, 'falls'))?.answers], [undefined, { q1: ['a'] }]);
});

test('finishing twice keeps one record, and the draft is gone', async () => {
  const go = await Go.open(deps, place(2));
  await go.give('q1', 'a');
  const [tab, other] = [await Go.open(deps, place(0)), await Go.open(deps, place(0))];
  assert.equal((await tab.finish())?.data.answers['q1']?.[0], 'a');
  assert.equal(await other.finish(), null);
  assert.equal((await records(NGOZI)).filter((record) => record.kind === 'quiz.answered').length, 1);
  assert.equal(await draft(NGOZI, 'falls'), undefined);
  assert.deepEqual((await lookBacks(NGOZI)).map((one) => one.question), ['q1']);
});

test('a lesson read twice in one go is one record', async () => {
  const go = await Go.open(deps, place(1));
  await go.save((one) => one, 2);
  await go.read(30);
  await (await Go.open(deps, place(1))).read(10);
  assert.deepEqual((await records(NGOZI)).map((record) => [record.kind, record.data]), [['lesson.read', { module: 'falls', edition_no: 3, lesson: 'look', part: 1, seconds: 30 }]]);
});

test('after three goes today the next is for practice, and is kept nowhere', async () => {
  for (let count = 0; count < 3; count += 1) {
    const go = await Go.open(deps, place(2));
    assert.equal(go.mode, 'kept');
    await go.give('q1', 'b');
    await (await Go.open(deps, place(0))).finish();
  }
  const fourth = await Go.open(deps, place(2));
  assert.equal(fourth.mode, 'rest');
  await fourth.give('q1', 'a');
  assert.equal(await draft(NGOZI, 'falls'), undefined);
});

test('with nobody on this phone a question can be tried and nothing is kept', async () => {
  newPhone();
  const go = await Go.open(deps, place(2));
  await go.give('q1', 'a');
  assert.deepEqual([go.mode, go.draft.answers], ['nobody', { q1: ['a'] }]);
});

test('an attempt goes on with the edition it was begun with', async () => {
  await (await Go.open(deps, place(1))).save((one) => one, 2);
  const newer = JSON.stringify({ ...falls, edition: 4 });
  await (await deps.caches.open('editions')).put(`/e/${hexOf(newer)}`, new Response(newer));
  assert.equal((await Go.open(deps, { ...place(1), edition: 4, sha: hexOf(newer) })).elsewhere(), '/learn/falls/3/2');
});

test('while the phone\'s storage says nothing a question is drawn, an answer is "not saved", and is kept with the next try', async (context) => {
  await (await Go.open(deps, place(2))).save((one) => choose(one, 'q1', 'b'));
  const mend = silentDatabase();
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 40; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const opening = Go.open(deps, place(2));
  await settle();
  deps.ring();
  const go = await opening;
  assert.equal(go.mode, 'unsure');
  const giving = assert.rejects(go.give('q1', 'a'), { name: 'NotSaved' });
  for (let silent = 0; silent < 3; silent += 1) {
    await settle();
    context.mock.timers.tick(4000);
  }
  await giving;
  mend();
  context.mock.timers.reset();
  await go.save((one) => one);
  assert.deepEqual([go.mode, (await draft(NGOZI, 'falls'))?.answers], ['kept', { q1: ['a'] }]);
});

test('on a full phone an answer makes room for itself', async () => {
  const go = await Go.open(deps, place(2));
  const real = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...given) {
    if (this.name !== 'drafts') return real.apply(this, given);
    IDBObjectStore.prototype.put = real;
    throw new DOMException('full', 'QuotaExceededError');
  };
  await go.give('q1', 'b');
  assert.deepEqual((await draft(NGOZI, 'falls'))?.answers, { q1: ['b'] });
});
