import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Catalogue, Snapshot } from '../../service_worker/core/api.ts';
import type { ChoiceQuestion, Edition } from '../../service_worker/core/edition.ts';
import { mark, type Result } from '../../service_worker/core/marking.ts';
import { confirmed, withAnswers } from '../../service_worker/page/answers-came.ts';
import { leftFor, outcomeWords, took } from '../../service_worker/page/end-words.ts';
import { anEdition } from './support/phone.ts';

const one = (last: number) => ({ id: 'q', first: 0, last, tries: 1 });
const result = (more: Partial<Result>): Result => ({ score: 0, passed: false, questions: [one(0)], unknown: [], pending: [], ...more });

test('minutes are said as people say them', () => {
  assert.deepEqual([took(0), took(20), took(61), took(250)], ['', 'It took less than a minute.', 'It took 1 minute.', 'It took 4 minutes.']);
});

test('the result is in words, and another go is offered only while there is one', () => {
  assert.deepEqual([outcomeWords(result({ passed: true }), 2).key, outcomeWords(result({}), 2).key, outcomeWords(result({}), 0).key], ['passed', 'again', 'tomorrow']);
  assert.match(outcomeWords(result({}), 1).words, /one more go today/);
  assert.ok(!outcomeWords(result({}), 0).again);
});

test('who got it right in the end is told so', () => {
  assert.match(outcomeWords(result({ questions: [one(100)] }), 2).words, /right in the end/);
});

test('no score is ever said', () => {
  for (const words of [outcomeWords(result({ score: 37 }), 2), outcomeWords(result({ score: 100, passed: true }), 2)]) assert.doesNotMatch(words.words, /37|100|%/);
});

test('a module without questions was read, one with answers on the server waits', () => {
  assert.equal(outcomeWords(result({ questions: [], passed: true }), 2).key, 'read');
  assert.equal(outcomeWords(result({ pending: ['q'] }), 2).key, 'pending');
});

test('what is left of a standard: asked for, not done, not this one', () => {
  const module = (key: string, topic: string, assigned: boolean) => ({ key, topic, assigned, due: null, title: key, minutes: 4 });
  const catalogue = { topics: [{ key: 't', pack: 'core', title: '', standard: 13 }], modules: [module('falls', 't', true), module('fire', 't', true), module('gas', 't', true), module('extra', 't', false), module('other', 'u', true)] } as unknown as Catalogue;
  const snapshot = { modules: { gas: { status: 'in-date' } }, standards: [{ number: 13, title: 'Health and safety', know: { done: 1, of: 3 }, shown: { done: 0, of: 2 } }] } as unknown as Snapshot;
  const left = leftFor('falls', ['13.1a'], catalogue, snapshot, []);
  assert.deepEqual([left.standard, left.modules.map((one) => one.key), left.watching], [{ number: 13, title: 'Health and safety' }, ['fire'], true]);
  assert.deepEqual(leftFor('falls', ['13.1a'], undefined, undefined, []), { standard: null, modules: [], watching: false });
});

test('answers that came with the result are put where they were taken from', () => {
  const question: ChoiceQuestion = { id: 'q', prompt: '', instruction: '', criteria: [], must: false, practise: false, hint: null, feedback: 'after-sync', kind: 'single', options: [{ key: 'a', html: 'A' }, { key: 'b', html: 'B' }] };
  const edition: Edition = { ...anEdition('falls', 1), parts: [{ kind: 'question', id: 'q', lesson: '', title: '', question }] };
  const answers = { q: ['b'] };
  assert.deepEqual(mark(edition, answers).pending, ['q']);
  const whole = withAnswers(edition, { q: { options: [{ key: 'b', right: true, feedback: 'Yes' }, { key: 'a', right: false, feedback: null }], explain: 'Why' } });
  assert.deepEqual(mark(whole, answers).questions, [{ id: 'q', first: 100, last: 100, tries: 1 }]);
  assert.equal(withAnswers(edition, undefined), edition);
});

test('the server is the marker of record', () => {
  const server = { record: 'r', module: 'm', edition: 1, sha: '', at: '', received: '', score: 90, passed: true, questions: [{ id: 'q', first: 90, last: 100, tries: 2 }, { id: 'z', first: null, last: null, tries: 1 }] };
  const both = confirmed(result({ pending: ['q', 'y', 'z'], questions: [] }), server);
  assert.deepEqual([both.passed, both.questions, both.pending], [true, [{ id: 'q', first: 90, last: 100, tries: 2 }], ['z']]);
});
