/** Run seeds, say how fast, and make the history of a failing one as short as it goes. */

import { readFileSync } from 'node:fs';
import { BREAKS, type Break } from './breaks.ts';
import { check, settle } from './checks.ts';
import { interfere, type PhoneCode } from './phone.ts';
import { ServerProcess } from './server.ts';
import { historyOf, type Step } from './steps.ts';
import { World } from './world.ts';

interface Run {
  failure: string | null;
  history: string[];
}

const [root, codeFile, memory] = process.argv.slice(2) as [string, string, string];
const STEPS = Number(process.env.STEPS ?? 40);
const broken = (process.env.BREAK || null) as Break | null;
if (broken && !BREAKS.includes(broken)) {
  console.error(`BREAK is one of ${BREAKS.join(', ')}.`);
  process.exit(2);
}

// Timers that wait for a silent database never ring: time here is the simulator's, and a database always answers.
const begin = new Function('indexedDB', 'setTimeout', 'clearTimeout', 'globalThis', `${readFileSync(codeFile, 'utf8')}; return code;`) as (...given: unknown[]) => PhoneCode;
const open = (factory: IDBFactory): PhoneCode => begin(factory, () => 0, () => undefined, {});

/** Transactions that fall with a dead phone reject promises nobody is left to hear. */
const unheard: string[] = [];
process.on('unhandledRejection', (error) => {
  if (!['Died', 'AbortError', 'InvalidStateError', 'QuotaExceededError'].includes((error as Error)?.name)) unheard.push(String((error as Error)?.stack ?? error));
});

async function run(server: ServerProcess, seed: number, steps: readonly Step[]): Promise<Run> {
  const history: string[] = [];
  unheard.length = 0;
  let met: string[] = [];
  try {
    const world = new World(server, seed, open, broken);
    met = world.network.met;
    await world.begin();
    for (const step of steps) {
      history.push(`${String(step.number).padStart(3)}  (${step.do})`);
      const words = await world.step(step);
      history[history.length - 1] = `${String(step.number).padStart(3)}  ${words}`;
    }
    met.length = 0;
    await settle(world);
    await check(world);
    if (unheard.length) throw new Error(`nobody heard: ${unheard[0]}`);
    return { failure: null, history };
  } catch (error) {
    const failure = error as Error;
    if (met.length) history.push(`     on the line at the end: ${met.join('; ')}`);
    return { failure: failure.name === 'Violation' ? failure.message : (failure.stack ?? String(failure)), history };
  }
}

/** Leave out steps, many at once and then one by one, while it still fails. */
async function shortened(server: ServerProcess, seed: number, steps: Step[]): Promise<Step[]> {
  let left = steps;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let place = 0; place < left.length; ) {
      const fewer = [...left.slice(0, place), ...left.slice(place + size)];
      if ((await run(server, seed, fewer)).failure !== null) left = fewer;
      else place += size;
    }
  }
  return left;
}

function seedsOf(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [from, to = from] = part.split('-').map(Number) as [number, number?];
    return Array.from({ length: to! - from + 1 }, (_, index) => from + index);
  });
}

/** CPU seconds of this process and of the server. */
function cpu(pid: number): number {
  const own = process.cpuUsage();
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (own.user + own.system) / 1e6 + (Number(fields[11]) + Number(fields[12])) / 100;
}

interfere();
const server = new ServerProcess(root, memory);
const seeds = seedsOf(process.env.SEEDS || '1-25');
server.ask({ do: 'reset', seed: 0 });
const before = cpu(server.pid);
let failed = 0;
let ran = 0;
try {
  for (const seed of seeds) {
    const steps = historyOf(seed, STEPS);
    const result = await run(server, seed, steps);
    ran += 1;
    if (process.env.SHOW) console.log(result.history.join('\n'));
    if (result.failure === null) continue;
    failed += 1;
    console.log(`\nSeed ${seed}: ${result.failure}`);
    if (!process.env.BRIEFLY) {
      const fewer = await shortened(server, seed, steps);
      const again = await run(server, seed, fewer);
      console.log(`${fewer.length} of its ${steps.length} steps are enough: ${again.failure}`);
      console.log(again.history.join('\n'));
    }
    console.log(`Replay: make simulate SEEDS=${seed}${broken ? ` BREAK=${broken}` : ''}`);
    if (process.env.FIRST) break;
  }
} finally {
  const seconds = cpu(server.pid) - before;
  console.log(`\n${ran} seeds, ${failed} failed, ${STEPS} steps each; ${Math.round((ran * 60) / seconds)} seeds per core-minute (${seconds.toFixed(1)} s of CPU)`);
  server.stop();
}
process.exit(failed ? 1 : 0);
