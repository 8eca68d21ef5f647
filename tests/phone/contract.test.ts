/** The cases the server runs too: phone and server must agree to the last figure. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { endPage, partPage, shellFor, startPage } from '../../service_worker/core/compose.ts';
import { digest } from '../../service_worker/core/digest.ts';
import type { Edition } from '../../service_worker/core/edition.ts';
import { mark } from '../../service_worker/core/marking.ts';
import { figures } from '../../service_worker/core/parts.ts';
import { minutesInMonth, type Go } from '../../service_worker/core/minutes.ts';
import type { Answer, Decision } from '../../service_worker/core/records.ts';
import { asShown, linkOf, toldBy } from '../../service_worker/page/practice/link.ts';
import { hexOf, sha256 } from './support/phone.ts';

function cases<T>(folder: string): T[] {
  const path = `tests/contract/${folder}`;
  if (!existsSync(path)) return [];
  return readdirSync(path).filter((name) => name.endsWith('.json')).sort().flatMap((name) => JSON.parse(readFileSync(`${path}/${name}`, 'utf8')) as T[]);
}

interface MarkingCase {
  name: string;
  edition: Edition;
  answers: { [question: string]: Answer[] };
  result: unknown;
}
const marking = cases<MarkingCase>('marking');
test('there are marking cases', () => assert.ok(marking.length >= 60));
for (const one of marking) test(`marking: ${one.name}`, () => assert.deepEqual(mark(one.edition, one.answers), one.result));

const digests = cases<{ name: string; ids: string[]; expect: unknown }>('digest');
test('there are digest cases', () => assert.ok(digests.length >= 4));
for (const one of digests) test(`digest: ${one.name}`, async () => assert.deepEqual(await digest(one.ids, sha256), one.expect));

type Listed = { key: string; sha: string; pack: string; topic: string };
const lists = cases<{ name: string; modules: Listed[]; expect: unknown }>('parts');
test('there are cases of lists in parts', () => assert.ok(lists.length >= 8));
for (const one of lists) test(`parts: ${one.name}`, () => assert.deepEqual(figures(one.modules), one.expect));

const months = cases<{ name: string; now: string; goes: Go[]; minutes: number }>('minutes');
test('there are cases of minutes', () => assert.ok(months.length >= 10));
for (const one of months) test(`minutes: ${one.name}`, () => assert.equal(minutesInMonth(one.goes, Date.parse(one.now)), one.minutes));

interface SawCase {
  name: string;
  standard: number;
  seen_on: string;
  decisions: { code: string; decision: Decision; saw: string }[];
  next_step: string | null;
  next_on: string | null;
  whole: string;
  told: string;
}
const saws = cases<SawCase>('saw');
test('there are cases of what was on screen', () => assert.ok(saws.length >= 60));
for (const { name, whole, told, ...content } of saws) {
  test(`on screen: ${name}`, () => {
    assert.equal(hexOf(asShown(content)), whole, 'as the server tells it');
    const link = linkOf('https://visits.example', 'ABCD2345', '0190a6e0-0000-7000-8000-000000000001', { ...content, assessor: 'Dawn Marsh' });
    assert.equal(hexOf(asShown(toldBy(new URL(link).hash)!.content!)), told, 'as the squares tell it');
  });
}

interface PageCase {
  name: string;
  page: 'start' | 'part' | 'end';
  part: number | null;
  shell: string;
  edition: Edition;
  sha: string;
  expect: string;
}
const pages = cases<PageCase>('compose');
test('there are page cases', () => assert.ok(pages.length >= 20));
for (const { name, page, part, shell, edition, sha, expect } of pages) {
  test(`page: ${name}`, () => {
    const made = { start: () => startPage(shell, edition, sha), part: () => partPage(shell, edition, sha, part!), end: () => endPage(shell, edition, sha) }[page]();
    assert.equal(made, expect);
  });
}

test('a part the edition does not have is not composed', () => {
  const { shell, edition, sha } = pages[0]!;
  for (const part of [0, -1, 99]) assert.deepEqual([partPage(shell, edition, sha, part), shellFor(edition, part)], [null, null]);
});
