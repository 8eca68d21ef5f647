/**
 * Build the simulator and run it: `node tests/simulation/run.mjs`, with SEEDS=1-25 (or 7, or 3,9), STEPS=40,
 * DATABASE=sqlite|postgresql, PROCESSES=1 of the server, BREAK=digest|status-receipt|delete-before-receipt|seq-reuse|
 * cookie-sending, SHOW=1 for every history, BRIEFLY=1 to shorten none, FIRST=1 to end at the first failing seed.
 * CHUNK=1000 runs so many seeds in a process of their own and says a line about them; with LOG=file the lines are kept
 * there too, and what stands there is not run again.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
// The disk's speed is not what is measured.
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const built = mkdtempSync(join(memory, 'simulator-'));
const common = { bundle: true, target: 'node20', logLevel: 'warning', conditions: ['import'] };
try {
  await build({ ...common, entryPoints: [join(here, 'phone-code.ts')], outfile: join(built, 'phone-code.js'), format: 'iife', globalName: 'code', platform: 'browser' });
  await build({ ...common, entryPoints: [join(here, 'main.ts')], outfile: join(built, 'main.mjs'), format: 'esm', platform: 'node', sourcemap: 'inline' });
  const { LOG, SEEDS = '1-25' } = process.env;
  const known = LOG && existsSync(LOG) ? readFileSync(LOG, 'utf8') : '';
  process.exitCode = 0;
  for (const seeds of chunks(SEEDS || '1-25', Number(process.env.CHUNK))) {
    const line = known.split('\n').find((one) => one.startsWith(`Seeds ${seeds}: `));
    let failed = !line?.includes(' 0 failed');
    if (!line) {
      const run = spawnSync(process.execPath, ['--enable-source-maps', join(built, 'main.mjs'), root, join(built, 'phone-code.js'), memory], {
        cwd: root,
        env: { ...process.env, SEEDS: seeds },
        stdio: ['ignore', LOG ? 'pipe' : 'inherit', 'inherit'],
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      if (LOG) {
        process.stdout.write(run.stdout);
        appendFileSync(LOG, run.stdout);
      }
      failed = run.status !== 0;
    }
    if (failed) process.exitCode = 1;
  }
} finally {
  rmSync(built, { recursive: true, force: true });
}

/** "1-2500" in pieces of 1000; anything else, or without a size, whole. */
function chunks(seeds, size) {
  const range = /^(\d+)-(\d+)$/.exec(seeds);
  if (!range || !size) return [seeds];
  const [first, last] = [Number(range[1]), Number(range[2])];
  return Array.from({ length: Math.ceil((last - first + 1) / size) }, (_, place) => `${first + place * size}-${Math.min(last, first + (place + 1) * size - 1)}`);
}
