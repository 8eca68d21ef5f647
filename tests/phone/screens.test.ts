/** The words of Learn, the start of a module and "Waiting to send", without a screen. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count, day, firstName, minutes, size, sizeOf, when } from '../../service_worker/page/say.ts';
import { found } from '../../service_worker/page/search.ts';
import { offerFor, type Standing } from '../../service_worker/page/start-plan.ts';
import { itemsOf, outcomeOf } from '../../service_worker/page/waiting-words.ts';
import type { Kept } from '../../service_worker/core/records.ts';
import { START, Shelf, joinedPhone, keepSome } from './support/phone.ts';

const standing = (more: Partial<Standing> = {}): Standing => ({ status: 'not-started', running: null, goesLeft: 3, finished: false, edition: 2, lastEdition: null, firstQuestion: 2, ...more });

test('a module begins with Start, and goes on where it was put down', () => {
  assert.deepEqual(offerFor(standing()), { words: 'Start', edition: 2, part: 1, lines: [], check: null });
  const offer = offerFor(standing({ running: { part: 4, parts: 9, edition: 1 }, goesLeft: 0 }));
  assert.deepEqual([offer.words, offer.edition, offer.part], ['Carry on', 1, 4], 'a go keeps its own edition');
});

test('after three goes one may read, and is told so without blame', () => {
  const offer = offerFor(standing({ goesLeft: 0, finished: true }));
  assert.equal(offer.words, 'Read it again');
  assert.match(offer.lines[0]!, /Have another go tomorrow/);
});

test('a refresher offers the check to somebody who is sure', () => {
  assert.equal(offerFor(standing({ status: 'overdue', finished: true })).check, 2);
  assert.equal(offerFor(standing({ status: 'in-date', finished: true })).check, null);
  assert.equal(offerFor(standing({ status: 'overdue' })).check, null, 'not to somebody who never did it');
});

test('a newer edition is said, and that answers still count', () => {
  assert.deepEqual(offerFor(standing({ finished: true, lastEdition: 1 })).lines, ['Updated. Your answers still count.']);
});

test('search finds every word at the beginning of a word, titles first', () => {
  const shelf = new Shelf();
  shelf.offer('a', { title: 'Getting up the stairs', summary: 'Safe steps.' });
  shelf.offer('b', { title: 'Safe steps at home', summary: 'Lights and rugs.' });
  shelf.offer('c', { title: 'Naïve café talk', summary: 'Accents.' });
  const keys = (words: string): string[] => found(shelf.modules, words).map((module) => module.key);
  assert.deepEqual(keys('step'), ['b', 'a']);
  assert.deepEqual(keys('safe STAIRS'), ['a']);
  assert.deepEqual(keys('cafe naive'), ['c']);
  assert.deepEqual(keys('tairs'), []);
});

test('what was read of one module is one line; answers stand alone; sent things are not shown', async () => {
  await joinedPhone();
  const read = await keepSome(3);
  const answers = { ...read[0]!, id: 'q', kind: 'quiz.answered' } as Kept;
  const items = itemsOf([...read, answers, { ...answers, id: 's', st: 'receipted', r: 'stored' } as Kept], START, () => 'When someone falls');
  assert.deepEqual(items.map((item) => [item.title, item.state, item.ids.length]), [
    ['Read 3 lessons: When someone falls', 'waiting', 3],
    ['Your answers: When someone falls', 'waiting', 1],
  ]);
});

test('a refused thing says why, and something old says so', async () => {
  await joinedPhone();
  const [one] = await keepSome(1);
  const [refused] = itemsOf([{ ...one!, st: 'refused', r: 'refused', code: 'too-big' }], START, () => undefined);
  assert.deepEqual([refused!.state, refused!.reason], ['not-sent', 'It is too long to send.']);
  const [old] = itemsOf([one!], START + 8 * 86_400_000, () => undefined);
  assert.deepEqual([old!.state, old!.old], ['waiting', true]);
});

test('"Try again" tells what came of it', () => {
  const report = { person: 'p', sent: 0, held: 0, refused: 0, left: 0, end: 'done' as const };
  assert.equal(outcomeOf({ ...report, sent: 2 }, true), 'Sent. All up to date.');
  assert.equal(outcomeOf({ ...report, end: 'no-answer', left: 2 }, true), 'No signal. Carry on. We will send it later.');
  assert.equal(outcomeOf({ ...report, end: 'paused' }, true), 'Sign in to send.');
  assert.equal(outcomeOf(undefined, false), 'It is being sent already.');
});

test('figures and dates are said as people say them', () => {
  assert.deepEqual([minutes(1), minutes(4), count(1, 'lesson', 'lessons'), count(2, 'lesson', 'lessons')], ['1 minute', '4 minutes', '1 lesson', '2 lessons']);
  assert.deepEqual([size(400), size(40_000), size(1_240_000), size(10_700_000_000)], ['1 kB', '40 kB', '1.2 MB', '10.7 GB']);
  assert.equal(sizeOf(400_000, 1_200_000), '0.4 of 1.2 MB');
  assert.equal(sizeOf(12_300, 40_000), '12 of 40 kB');
  assert.equal(day('2026-12-12'), '12 December 2026');
  assert.equal(when('2026-11-03T12:00:00Z', START), '3 November');
  assert.equal(firstName('  Ngozi Obi '), 'Ngozi');
});
