import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, choose, finish, firstUnanswered, goTo, goesLeft, start, write } from '../../service_worker/core/attempt.ts';
import type { Edition, Question } from '../../service_worker/core/edition.ts';
import { START, anEdition, luck, stamp } from './support/phone.ts';

const asked = (id: string) => ({ id, prompt: '', instruction: '', criteria: [], must: false, practise: false, hint: null, feedback: 'instant' as const });
const single: Question = { ...asked('q1'), kind: 'single', options: [{ key: 'a', html: 'a', right: true }, { key: 'b', html: 'b', right: false }] };
const shared: Question = { ...asked('r1'), kind: 'reflection', prompts: [], shared_with: 'assessor', model: null };
const alone: Question = { ...asked('r2'), kind: 'reflection', prompts: [], shared_with: 'only me', model: null };
const falls: Edition = {
  ...anEdition('falls', 3),
  parts: [
    { kind: 'lesson', id: 'look', title: 'Look', html: '', text: '' },
    ...[single, shared, alone].map((question) => ({ kind: 'question' as const, id: question.id, lesson: 'look', title: '', question })),
  ],
};
const SHA = 'f'.repeat(64);
const begun = start(falls, SHA, stamp());

test('a go begins at the first part with a seed and an id of its own', () => {
  const random = luck(9);
  const one = start(falls, SHA, stamp(START, random));
  const other = start(falls, SHA, stamp(START, random));
  assert.deepEqual([one.part, one.sha, one.edition, one.started], [1, SHA, 3, '2026-11-22T09:00:00.000Z']);
  assert.notEqual(one.attempt, other.attempt);
  assert.notEqual(one.seed, other.seed);
  assert.ok(Number.isInteger(one.seed) && one.seed >= 0 && one.seed < 2 ** 32);
});

test('a choice that was not checked survives being put down', () => {
  const later = JSON.parse(JSON.stringify(choose(begun, 'q1', 'b'))) as typeof begun;
  assert.deepEqual(later.choosing, { q1: 'b' });
});

test('an answer is one more try, and uses up the choice', () => {
  const twice = answer(answer(choose(begun, 'q1', 'b'), 'q1', 'b'), 'q1', 'a');
  assert.deepEqual([twice.answers, twice.choosing], [{ q1: ['b', 'a'] }, {}]);
});

test('no step changes the draft it was given', () => {
  const before = JSON.stringify(begun);
  answer(choose(write(goTo(begun, 2, 5), 'r1', 'words'), 'q1', 'a'), 'q1', 'a');
  assert.equal(JSON.stringify(begun), before);
});

test('time spent adds up, and a clock that jumped adds nothing absurd', () => {
  assert.equal(goTo(goTo(begun, 2, 30.4), 3, 20).seconds, 50);
  assert.equal(goTo(begun, 2, -5000).seconds, 0);
  assert.equal(goTo(begun, 2, 90_000).seconds, 600);
});

test('what was skipped can be found', () => {
  assert.equal(firstUnanswered(falls, begun), 2);
  const all = ['q1', 'r1', 'r2'].reduce((draft, id) => answer(draft, id, { written: true }), begun);
  assert.equal(firstUnanswered(falls, all), null);
});

test('a finished go is one record with every try in order', () => {
  const { records } = finish(falls, answer(answer(begun, 'q1', 'b'), 'q1', 'a'), stamp());
  assert.deepEqual(records.map((record) => record.kind), ['quiz.answered']);
  assert.deepEqual(records[0]!.data, { module: 'falls', edition_no: 3, attempt: begun.attempt, seed: begun.seed, started: begun.started, seconds: 0, answers: { q1: ['b', 'a'] } });
  assert.equal(records[0]!.edition, SHA);
});

test('a module without questions leaves a record of answers too, an empty one', () => {
  const plain = anEdition('calm');
  const { records } = finish(plain, start(plain, SHA, stamp()), stamp());
  assert.deepEqual((records[0]!.data as { answers: unknown }).answers, {});
});

test('words for the assessor are sent', () => {
  const { records, notes } = finish(falls, write(begun, 'r1', ' I sat with her. '), stamp());
  assert.deepEqual(records[1]!.data, { module: 'falls', edition_no: 3, question: 'r1', shared_with: 'assessor', text: 'I sat with her.' });
  assert.deepEqual(notes, []);
});

test('words only for oneself stay on the phone; the record says only that there are some', () => {
  const { records, notes } = finish(falls, write(begun, 'r2', 'I was scared.'), stamp());
  assert.equal((records[1]!.data as { text: unknown }).text, null);
  assert.ok(!JSON.stringify(records).includes('scared'));
  assert.deepEqual(notes, [{ module: 'falls', question: 'r2', text: 'I was scared.', at: '2026-11-22T09:00:00.000Z' }]);
});

test('three goes a day', () => {
  const at = (hours: number): string => new Date(START + hours * 3_600_000).toISOString();
  assert.equal(goesLeft([], null, START), 3);
  assert.equal(goesLeft([at(0), at(0.1)], null, START + 3_600_000), 1);
  assert.equal(goesLeft([at(0), at(0.1), at(0.2), at(0.3)], null, START + 3_600_000), 0);
});

test('tomorrow there are three again', () => {
  assert.equal(goesLeft([START, START, START].map((time) => new Date(time).toISOString()), null, START + 86_400_000), 3);
});

test('a manager\'s reset gives three more the same day', () => {
  const goes = [0, 1, 2].map((minutes) => new Date(START + minutes * 60_000).toISOString());
  assert.equal(goesLeft(goes, new Date(START + 180_000).toISOString(), START + 200_000), 3);
});
