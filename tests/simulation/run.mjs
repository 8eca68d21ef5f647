/**
 * Build the simulator and run it: `node tests/simulation/run.mjs`, with SEEDS=1-25 (or 7, or 3,9), STEPS=40,
 * BREAK=digest|status-receipt|delete-before-receipt|seq-reuse|cookie-sending, SHOW=1 for every history,
 * BRIEFLY=1 to shorten none, FIRST=1 to end at the first failing seed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
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
  const run = spawnSync(process.execPath, ['--enable-source-maps', join(built, 'main.mjs'), root, join(built, 'phone-code.js'), memory], { cwd: root, stdio: 'inherit' });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(built, { recursive: true, force: true });
}
