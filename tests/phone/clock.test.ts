/** A phone's clock may be set at any time; what was learned must not move years by it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learnOffset, offset } from '../../service_worker/sync/clock.ts';
import { START, newPhone } from './support/phone.ts';

const YEARS = 2 * 365 * 86_400_000;

test('nobody knows the offset before the server was heard', async () => {
  newPhone();
  assert.equal(await offset(START), null);
});

test('the offset is what was measured, however long ago', async () => {
  newPhone();
  await learnOffset(new Date(START + 5000).toISOString(), START, START);
  assert.equal(await offset(START), 5000);
  assert.equal(await offset(START + YEARS), 5000);
});

test('a clock set back by years does not date work before the last word of the server', async () => {
  newPhone();
  await learnOffset(new Date(START + 5000).toISOString(), START, START);
  const now = START - YEARS;
  assert.equal(now + (await offset(now))!, START + 5000);
});
