import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cut, finder, spellings } from '../../service_worker/page/words-in-text.ts';

const WORDS = ['care', 'care plan', 'DNACPR', '999'];
const find = (text: string, seen = new Set<string>()): (string | null)[] => cut(text, finder(WORDS)!, spellings(WORDS), seen).map((piece) => piece.word && `${piece.word}=${piece.text}`);

test('the longest word wins, in any letters, and its plural too', () => {
  assert.deepEqual(find('Follow the Care  plans.'), [null, 'care plan=Care  plans', null]);
});

test('a word inside another word is not one', () => {
  assert.deepEqual(find('careful, scare, 9990 and daycare'), [null]);
});

test('only the first of each is marked, over all texts of a screen', () => {
  const seen = new Set<string>();
  assert.deepEqual(find('Ring 999. Ring 999.', seen), [null, '999=999', null]);
  assert.deepEqual(find('999 again', seen), [null]);
});

test('nothing of the text is lost', () => {
  const text = 'A DNACPR form is in the care plan: 999 still counts.';
  assert.equal(cut(text, finder(WORDS)!, spellings(WORDS), new Set()).map((piece) => piece.text).join(''), text);
});

test('a glossary of signs is read as text, and an empty one finds nothing', () => {
  assert.deepEqual(cut('Use a C. diff (test)?', finder(['C. diff (test)?'])!, spellings(['C. diff (test)?']), new Set()).map((piece) => piece.word), [null, 'C. diff (test)?']);
  assert.equal(finder([' ']), null);
});
