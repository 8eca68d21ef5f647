/**
 * Run the phone's tests: every tests/phone/*.test.ts, each in its own process, on Node's own runner.
 *
 * `node service_worker/test.mjs send marking` runs only the files whose name contains one of the words.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'tests/phone');
const words = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test.ts') && (!words.length || words.some((word) => name.includes(word)))).sort();
if (!files.length) {
  console.error('test: no test file of that name in tests/phone.');
  process.exit(1);
}
const compiled = mkdtempSync(join(tmpdir(), 'phone-tests-'));
try {
  await build({
    entryPoints: files.map((name) => join(folder, name)),
    outdir: compiled,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
    // fake-indexeddb ships both module kinds; bundling it keeps one copy per file.
    conditions: ['import'],
  });
  const run = spawnSync(
    process.execPath,
    ['--enable-source-maps', '--test', '--test-reporter=spec', ...files.map((name) => join(compiled, name.replace(/\.ts$/, '.mjs')))],
    { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, env: { ...process.env, NODE_ENV: 'test' } },
  );
  process.stdout.write(run.stdout);
  process.stderr.write(run.stderr);
  const count = (word) => Number(new RegExp(`^ℹ ${word} (\\d+)`, 'm').exec(run.stdout)?.[1] ?? NaN);
  console.log(`${files.length} files, ${count('pass')} passed, ${count('fail')} failed, ${count('skipped')} skipped`);
  // A run that found no test at all must not look like success.
  process.exitCode = run.status === 0 && count('pass') > 0 ? 0 : 1;
} finally {
  rmSync(compiled, { recursive: true, force: true });
}
