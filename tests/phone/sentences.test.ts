import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestVoice, sentences } from '../../service_worker/page/sentences.ts';

test('a voice gets one sentence at a time', () => {
  assert.deepEqual(sentences('Stay calm. "Are you hurt?" Ring  999'), ['Stay calm.', '"Are you hurt?"', 'Ring 999']);
});

test('a long sentence is cut between words, and no word is lost', () => {
  const long = `${'one two three four five '.repeat(30).trim()}.`;
  const pieces = sentences(long);
  assert.ok(pieces.every((piece) => piece.length <= 180) && pieces.length > 3);
  assert.equal(pieces.join(' '), long);
});

test('a British voice on this phone is asked first', () => {
  const voice = (lang: string, localService: boolean) => ({ lang, localService, default: false });
  const all = [voice('en-US', true), voice('en-GB', false), voice('en_GB', true), voice('pl-PL', true)];
  assert.equal(bestVoice(all, 'en'), all[2]);
  assert.equal(bestVoice(all.slice(0, 2), 'en'), all[0]);
  assert.equal(bestVoice(all, 'pl'), all[3]);
  assert.equal(bestVoice(all, 'bn'), null);
});
