/** Easy-read letters: only what is proved right is kept, and only this build's. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { keepLetters } from '../../service_worker/page/places/letters.ts';
import { hexOf, newPhone, testDeps, type TestDeps } from './support/phone.ts';

const file = (name: string, text: string): [string, string] => [`/static/build/andika-${name}-${hexOf(text).slice(0, 10)}.woff2`, text];
const shelf = new Map([file('latin-400', 'plain letters'), file('latin-700', 'strong letters')]);
const named = [...shelf.keys()];
const kept = (deps: TestDeps): string[] => deps.caches.addresses('letters');
let asked: string[] = [];
const serve = (address: string): Response => {
  asked.push(address);
  return new Response(shelf.get(address) ?? 'Not here', { status: shelf.has(address) ? 200 : 404 });
};

beforeEach(() => {
  newPhone();
  asked = [];
});

test('they are fetched once and then here', async () => {
  const deps = testDeps(serve);
  assert.equal(await keepLetters(deps, named), true);
  assert.deepEqual(kept(deps), [...named].sort());
  assert.equal((await (await deps.caches.open('letters')).match(named[0]!))!.headers.get('content-type'), 'font/woff2');
  assert.equal(await keepLetters(deps, named), true);
  assert.equal(asked.length, 2, 'what is here is not asked for again');
});

test('without signal they come the next time, the rest of them', async () => {
  let line = 1;
  const deps = testDeps((address) => {
    line -= 1;
    if (line < 0) throw new TypeError('no line');
    return serve(address);
  });
  assert.equal(await keepLetters(deps, named), false);
  assert.deepEqual(kept(deps), [named[0]]);
  line = 9;
  assert.equal(await keepLetters(deps, named), true);
  assert.deepEqual(asked, named);
});

test('a portal’s page is no letter', async () => {
  const deps = testDeps(() => new Response('<!doctype html><title>Free Wi-Fi</title>'));
  assert.equal(await keepLetters(deps, named), false);
  assert.deepEqual(kept(deps), []);
});

test('those of an earlier build leave once the new ones are all here', async () => {
  const deps = testDeps(serve);
  await keepLetters(deps, named);
  const [fresh, text] = file('latin-400', 'newer letters');
  assert.equal(await keepLetters(deps, [fresh, named[1]!]), false, 'the server does not have it yet');
  assert.deepEqual(kept(deps), [...named].sort());
  shelf.set(fresh, text);
  assert.equal(await keepLetters(deps, [fresh, named[1]!]), true);
  assert.deepEqual(kept(deps), [fresh, named[1]!].sort());
});

test('a stylesheet that did not load takes nothing away, and a full phone throws nothing', async () => {
  const deps = testDeps(serve);
  deps.caches.full = 1;
  assert.equal(await keepLetters(deps, named), false);
  await keepLetters(deps, named);
  assert.equal(await keepLetters(deps, []), false);
  assert.deepEqual(kept(deps), [...named].sort());
});
