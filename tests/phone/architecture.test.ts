/** What keeps the phone's code testable: each outside thing is touched in one place, and core touches none. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const sources = ['core', 'store', 'sync', 'page', 'worker', 'desk', 'check'].flatMap((folder) =>
  readdirSync(`service_worker/${folder}`, { recursive: true })
    .filter((name) => String(name).endsWith('.ts'))
    .map((name) => ({ folder, path: `${folder}/${name}`, text: readFileSync(`service_worker/${folder}/${name}`, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '') })),
);
const using = (pattern: RegExp, folders: string[]): string[] => sources.filter((one) => folders.includes(one.folder) && pattern.test(one.text)).map((one) => one.path);
const all = ['core', 'store', 'sync', 'page', 'worker', 'desk', 'check'];

test('the clock is read in one file', () => {
  assert.deepEqual(using(/\bDate\.now\b|\bperformance\.now\b|new Date\(\)/, all), ['sync/clock.ts']);
});

test('IndexedDB is opened in one file', () => {
  assert.deepEqual(using(/\bindexedDB\b|\bopenDB\b/, all), ['store/open.ts']);
});

test('rules, store and sender call fetch in one file', () => {
  assert.deepEqual(using(/(?<![.\w])fetch\((?!address:)/, ['core', 'store', 'sync']), ['sync/api.ts']);
});

test('what could run goes into the page through one file', () => {
  const sink = /\.(?:inner|outer)HTML = |\.insertAdjacentHTML\b|\bDOMParser\b|\bsrcdoc\b|document\.write|setHTMLUnsafe|createContextualFragment|\bimportScripts\b|\bimport\(|new (?:Shared)?Worker\b|\beval\(|new Function\b|\.register\((?!tag|'bv-send')/;
  // The loader's one address comes from the server's list, and runs before there is anything else in the worker.
  // The check page has a worker of its own, so its policy names another address (check/trusted.ts).
  assert.deepEqual(using(sink, all), ['page/trusted.ts', 'worker/load.ts', 'check/trusted.ts']);
});

test('imports point downwards only', () => {
  const below: { [folder: string]: string[] } = { core: [], store: ['core'], sync: ['store', 'core'], worker: ['sync', 'store', 'core'], page: ['sync', 'store', 'core'], desk: ['page', 'sync', 'core'], check: ['page', 'sync', 'core'] };
  for (const { folder, path, text } of sources) {
    for (const [, to] of text.matchAll(/from '\.\.\/(\w+)\//g)) assert.ok(below[folder]!.includes(to!), `${path} imports ${to}`);
  }
});

test('no address of another origin is in the code', () => {
  assert.deepEqual(using(/['"`]https?:\/\/(?!www\.w3\.org)/, all), []);
});
