import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BranchingQuestion, ChoiceQuestion, MatchingQuestion, OrderingQuestion } from '../../service_worker/core/edition.ts';
import { isReady, itemsShown, moved, optionsShown, pairsChosen, rightShown } from '../../service_worker/page/choosing.ts';
import { walk } from '../../service_worker/core/marking.ts';

const asked = { id: 'q', prompt: '', instruction: '', criteria: [], must: false, practise: false, hint: null, feedback: 'instant' as const };
const options = ['a', 'b', 'c', 'd', 'e'].map((key) => ({ key, html: key, right: key === 'a' }));
const single: ChoiceQuestion = { ...asked, kind: 'single', options };
const ordering: OrderingQuestion = { ...asked, kind: 'ordering', items: ['a', 'b', 'c'].map((key) => ({ key, html: key })), order: ['a', 'b', 'c'] };
const matching: MatchingQuestion = { ...asked, kind: 'matching', left: [{ key: 'a', html: '' }, { key: 'b', html: '' }], right: [{ key: 'p', html: '' }, { key: 'q', html: '' }, { key: 'r', html: '' }], pairs: { a: 'p', b: 'q' } };
const scene = (key: string, to: string[], ending: 'good' | null = null) => ({ key, title: key, html: '', text: '', ending, choices: to.map((one, place) => ({ key: `${key}.${place + 1}`, html: '', to: one, feedback: null })) });
const tale: BranchingQuestion = { ...asked, kind: 'branching', start: 'door', scenes: [scene('door', ['hall', 'end']), scene('hall', ['end', 'nowhere']), scene('end', [], 'good')] };
const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99, 4294967295];

test('coming back shows the options in the order they had', () => {
  assert.deepEqual(optionsShown(single, 7), optionsShown(single, 7));
  assert.ok(new Set(seeds.map((seed) => optionsShown(single, seed).map((one) => one.key).join(''))).size > 1);
});

test('true and false stay as people know them', () => {
  for (const seed of seeds) assert.deepEqual(optionsShown({ ...single, kind: 'truefalse' }, seed), options);
});

test('an ordering never starts right, so there is always something to do', () => {
  for (const seed of seeds) assert.notDeepEqual(itemsShown(ordering, seed, undefined).map((item) => item.key), ['a', 'b', 'c']);
});

test('an ordering comes back as it was left, and a damaged one is shuffled anew', () => {
  assert.deepEqual(itemsShown(ordering, 1, ['c', 'a', 'b']).map((item) => item.key), ['c', 'a', 'b']);
  for (const broken of [['c', 'a'], ['c', 'a', 'a'], ['c', 'a', 'x'], 'b']) assert.equal(new Set(itemsShown(ordering, 1, broken).map((item) => item.key)).size, 3);
});

test('moving past either end changes nothing', () => {
  assert.deepEqual([moved(['a', 'b'], 0, -1), moved(['a', 'b'], 1, 1), moved(['a', 'b'], 0, 1)], [['a', 'b'], ['a', 'b'], ['b', 'a']]);
});

test('only pairs the question has are taken up again', () => {
  assert.deepEqual(pairsChosen(matching, { a: 'r', b: 'z', x: 'p' }), { a: 'r' });
  assert.equal(rightShown(matching, 3).length, 3);
});

test('Check appears when something is chosen, and for pairs when each has one', () => {
  assert.deepEqual([isReady(single, undefined), isReady(single, 'z'), isReady(single, 'b')], [false, false, true]);
  assert.deepEqual([isReady(matching, { a: 'p' }), isReady(matching, { a: 'p', b: 'p' })], [false, true]);
  assert.deepEqual([isReady(ordering, undefined), isReady(ordering, ['b', 'a', 'c'])], [false, true]);
  const { order: _kept, ...later } = ordering;
  assert.equal(isReady(later, undefined), true, 'without the key the first order may be right as it stands');
});

test('a story is walked choice by choice, and stops where a choice leads nowhere', () => {
  assert.deepEqual([walk(tale, undefined).scene.key, walk(tale, undefined).last], ['door', null]);
  assert.deepEqual([walk(tale, ['door.1', 'hall.1']).scene.key, isReady(tale, ['door.1', 'hall.1'])], ['end', true]);
  assert.deepEqual(walk(tale, ['door.1', 'hall.2', 'end.1']).path, ['door.1']);
  assert.equal(isReady(tale, ['door.1']), false);
});
