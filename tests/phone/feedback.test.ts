import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BranchingQuestion, ChoiceQuestion, MatchingQuestion, OrderingQuestion, ReflectionQuestion } from '../../service_worker/core/edition.ts';
import { AFTER_SYNC, feedbackOf } from '../../service_worker/page/feedback.ts';

const asked = { id: 'q', prompt: '', instruction: '', criteria: [], must: false, practise: false, hint: null, feedback: 'instant' as const, explain: '<p>Why it matters: she may fall.</p>' };
const options = [
  { key: 'a', html: 'Sit her down', feedback: '<p>Yes. Sitting is safe.</p>', right: true },
  { key: 'b', html: 'Make tea', feedback: '<p>She could fall.</p>', right: false },
  { key: 'c', html: 'Stay with her', feedback: null, right: true },
];
const single: ChoiceQuestion = { ...asked, kind: 'single', options: options.slice(0, 2) };
const multiple: ChoiceQuestion = { ...asked, kind: 'multiple', options };

test('a right answer gets its reason and no further go', () => {
  const said = feedbackOf(single, 'a');
  assert.deepEqual([said.look, said.again, said.reasons.map((reason) => reason.html)], ['right', false, ['<p>Yes. Sitting is safe.</p>']]);
});

test('a wrong answer is a step: its own reason, why it matters, and another go', () => {
  const said = feedbackOf(single, 'b');
  assert.deepEqual([said.title, said.again, said.mustYet, said.reasons[0]?.html], ['Not quite', true, false, '<p>She could fall.</p>']);
});

test('what must be right says so until it is', () => {
  assert.equal(feedbackOf({ ...single, must: true }, 'b').mustYet, true);
  assert.equal(feedbackOf({ ...single, must: true }, 'a').mustYet, false);
});

test('each thing picked has its own reason, and what is missing is counted, not told', () => {
  const said = feedbackOf(multiple, ['a']);
  assert.deepEqual([said.look, said.lines, said.reasons.map((reason) => reason.about)], ['partly', ['There is one more to find.'], ['Sit her down']]);
});

test('"Why it matters" is not said twice', () => {
  assert.equal(feedbackOf(single, 'a').explain, '<p>She may fall.</p>');
});

test('orders and pairs say how far they are right', () => {
  const ordering: OrderingQuestion = { ...asked, kind: 'ordering', items: [], order: ['a', 'b', 'c'] };
  const matching: MatchingQuestion = { ...asked, kind: 'matching', left: [], right: [], pairs: { a: 'p', b: 'q' } };
  assert.deepEqual(feedbackOf(ordering, ['a', 'c', 'b']).lines, ['One is in its place. Move the others.']);
  assert.deepEqual(feedbackOf(matching, { a: 'q', b: 'p' }).lines, ['No pair fits yet. Start with the one you are surest of.']);
});

test('an answer whose key stays on the server is saved, and not called wrong', () => {
  const bare: ChoiceQuestion = { ...asked, feedback: 'after-sync', kind: 'single', options: [{ key: 'a', html: '' }, { key: 'b', html: '' }] };
  const said = feedbackOf(bare, 'b');
  assert.deepEqual([said.look, said.lines, said.again], ['saved', [AFTER_SYNC], false]);
});

test('words of one\'s own are never marked; the model points come after', () => {
  const own: ReflectionQuestion = { ...asked, explain: null, kind: 'reflection', prompts: [], shared_with: 'only me', model: '<p>One thing you saw.</p>' };
  const said = feedbackOf(own, { written: true });
  assert.deepEqual([said.look, said.again, said.explain], ['saved', false, '<p>One thing you saw.</p>']);
});

test('an ending is named in words', () => {
  const end = (key: string, ending: 'good' | 'safe but late' | 'try again') => ({ key, title: '', html: '', text: '', choices: [], ending });
  const tale: BranchingQuestion = { ...asked, kind: 'branching', start: 's', scenes: [{ key: 's', title: '', html: '', text: '', ending: null, choices: ['g', 'l', 't'].map((to) => ({ key: to, html: '', to, feedback: null })) }, end('g', 'good'), end('l', 'safe but late'), end('t', 'try again')] };
  assert.deepEqual(['g', 'l', 't'].map((key) => feedbackOf(tale, [key]).title), ['This ended well', 'Safe, but late', 'This could go better']);
});
