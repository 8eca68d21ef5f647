/** A credential checked on the phone: the cases the server runs too, each to the same verdict and the same words. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { check, NEEDS_SERVER } from '../../service_worker/check/judge.ts';
import { asKnown } from '../../service_worker/check/known.ts';
import { presented } from '../../service_worker/check/reading.ts';

interface Case {
  name: string;
  file: { text?: string; base64?: string; head?: string; repeat?: string; times?: number; tail?: string };
  verdict: string;
  reason: string;
  words?: string;
  person?: string;
  now?: string;
  known?: string;
  phone?: string;
}

const all = JSON.parse(readFileSync('tests/contract/credentials/cases.json', 'utf8')) as {
  now: string;
  known: { [name: string]: unknown[] };
  cases: Case[];
  files: { name: string; text: string; holds?: number; refused?: string }[];
};
const LONGEST = 2000;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function dataOf({ text, base64, head, repeat, times, tail }: Case['file']): Uint8Array {
  if (base64 !== undefined) return Buffer.from(base64, 'base64');
  return bytes(text ?? head! + repeat!.repeat(times!) + tail!);
}

test('there are cases of credentials', () => assert.ok(all.cases.length >= 100));
for (const one of all.cases) {
  test(`credential: ${one.name}`, async () => {
    const known = asKnown({ issuers: all.known[one.known ?? 'usual'] })!;
    const begun = process.cpuUsage();
    const checked = await check(dataOf(one.file), known, Date.parse(one.now ?? all.now));
    const { user, system } = process.cpuUsage(begun);
    assert.ok((user + system) / 1000 < LONGEST);
    if (one.phone || checked === NEEDS_SERVER) {
      assert.equal(checked, one.phone);
      return;
    }
    assert.equal(checked.verdict, one.verdict, checked.reason);
    if (one.reason) assert.equal(checked.reason, one.reason);
    if (one.words !== undefined) assert.equal(checked.words, one.words);
    if (one.verdict === 'altered' && !/place on the list/.test(one.reason)) assert.equal(checked.said, null);
    if (one.person !== undefined) assert.equal(checked.said?.person ?? '', one.person);
  });
}

for (const { name, text, holds, refused } of all.files) {
  test(`file: ${name}`, () => {
    if (refused) assert.throws(() => presented(bytes(text)), { name: 'Unreadable', message: refused });
    else assert.equal(presented(bytes(text)).length, holds);
  });
}

test('a file of more than 4 MB, and one of more than 200 credentials, is not looked at', () => {
  assert.throws(() => presented(new Uint8Array(4 * 1024 * 1024 + 1)), /at most 4 MB/);
  const token = (number: number): string => `${'A'.repeat(8)}.${Buffer.from(`{"n":${1000 + number}}`).toString('base64url')}.${'A'.repeat(8)}`;
  const many = JSON.stringify({ type: ['VerifiablePresentation'], verifiableCredential: Array.from({ length: 201 }, (_, number) => token(number)) });
  assert.throws(() => presented(bytes(many)), /more than 200/);
});

test('what is no list of issuers is not taken for one', () => {
  for (const bad of [null, [], {}, { issuers: {} }, '{}']) assert.equal(asKnown(bad), null);
});
