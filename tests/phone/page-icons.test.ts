import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

// A missing symbol shows as nothing at all, and no other test would see it.
test('every sign a page script draws is in the sprite', () => {
  const known = new Set(Object.keys(JSON.parse(readFileSync('service_worker/icons.json', 'utf8')) as object));
  const folder = 'service_worker/page';
  const used = readdirSync(folder).filter((name) => name.endsWith('.ts')).flatMap((name) => {
    const text = readFileSync(`${folder}/${name}`, 'utf8');
    return [...text.matchAll(/\b(?:icon\(|sign: )'([a-z-]+)'/g)].map((found) => [name, found[1]!] as const);
  });
  assert.ok(used.length > 10);
  assert.deepEqual(used.filter(([, sign]) => !known.has(sign)), []);
});

// Safari 15 cannot read a page script that has one.
test('no page script looks behind in a pattern', () => {
  const folder = 'service_worker/page';
  const guilty = readdirSync(folder).filter((name) => name.endsWith('.ts') && /\(\?<[=!]/.test(readFileSync(`${folder}/${name}`, 'utf8')));
  assert.deepEqual(guilty, []);
});
