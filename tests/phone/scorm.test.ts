/** What another learning system is told of a module, in the form SCORM 1.2 wants. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { best, sessionTime } from '../../service_worker/desk/scorm-rules.ts';

test('a time has four figures of hours, and never more', () => {
  assert.deepEqual(
    [0, 999, 61_000, 3_600_000 * 27 + 5000, 3_600_000 * 20_000, -5].map(sessionTime),
    ['0000:00:00', '0000:00:00', '0000:01:01', '0027:00:05', '9999:59:59', '0000:00:00'],
  );
});

test('a later, worse go takes nothing away', () => {
  assert.deepEqual(best({ score: 20, status: 'failed' }, '85 passed'), { score: 85, status: 'passed' });
  assert.deepEqual(best({ score: 95, status: 'failed' }, '85 passed'), { score: 85, status: 'passed' });
  assert.deepEqual(best({ score: 80, status: 'passed' }, '90 failed'), { score: 80, status: 'passed' });
  assert.deepEqual(best({ score: 90, status: 'passed' }, '85 passed'), { score: 90, status: 'passed' });
});

test('what was kept is believed only in its own form', () => {
  for (const kept of ['', '85', '85 won', 'x passed', '85 passed and more']) assert.equal(best(null, kept), null);
  assert.deepEqual(best(null, '900 passed'), { score: 100, status: 'passed' });
});
