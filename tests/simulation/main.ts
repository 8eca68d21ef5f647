/** Run seeds, say how fast, and make the history of a failing one as short as it goes. */

import { readFileSync } from 'node:fs';
import { BREAKS, type Break } from './breaks.ts';
import { check, settle } from './checks.ts';
import { interfere, type PhoneCode, type Surroundings } from './phone.ts';
import { Server } from './server.ts';
import { carryOut, historyOf, type Step } from './steps.ts';
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

// No Web Crypto: stretching a PIN would take longer than all else. Timers that wait for a silent database never ring: time here is the simulator's, and a database always answers.
const begin = new Function('indexedDB', 'setTimeout', 'clearTimeout', 'globalThis', 'crypto', 'localStorage', `${readFileSync(codeFile, 'utf8')}; return code;`) as (...given: unknown[]) => PhoneCode;
const open: Surroundings['open'] = (factory, memory) => begin(factory, () => 0, () => undefined, {}, undefined, memory);

/** Transactions that fall with a dead phone reject promises nobody is left to hear. */
const unheard: string[] = [];
process.on('unhandledRejection', (error) => {
  if (!['Died', 'AbortError', 'InvalidStateError', 'QuotaExceededError'].includes((error as Error)?.name)) unheard.push(String((error as Error)?.stack ?? error));
});

const counted = { records: 0, requests: 0, faults: 0 };

async function run(server: Server, seed: number, steps: readonly Step[]): Promise<Run> {
  const history: string[] = [];
  unheard.length = 0;
  let met: string[] = [];
  try {
    const world = new World(server, seed, open, broken);
    met = world.network.met;
    await world.begin();
    for (const step of steps) {
      history.push(`${String(step.number).padStart(3)}  (${step.do})`);
      const words = await carryOut(world, step);
      history[history.length - 1] = `${String(step.number).padStart(3)}  ${words}`;
    }
    met.length = 0;
    await settle(world);
    await check(world);
    if (unheard.length) throw new Error(`nobody heard: ${unheard[0]}`);
    counted.records += [...world.done.values()].filter(({ said }) => said).length;
    counted.requests += world.network.requests;
    counted.faults += world.network.faults;
    return { failure: null, history };
  } catch (error) {
    const failure = error as Error;
    if (met.length) history.push(`     on the line at the end: ${met.join('; ')}`);
    return { failure: failure.name === 'Violation' ? failure.message : (failure.stack ?? String(failure)), history };
  }
}

const sort = (failure: string | null): string | undefined => failure?.split(' ').slice(0, 3).join(' ');

/** Leave out steps, many at once and then one by one, while it still fails in the same way. */
async function shortened(server: Server, seed: number, steps: Step[], failure: string): Promise<Step[]> {
  let left = steps;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let place = 0; place < left.length; ) {
      const fewer = [...left.slice(0, place), ...left.slice(place + size)];
      if (sort((await run(server, seed, fewer)).failure) === sort(failure)) left = fewer;
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

/** CPU seconds of this process and of the server's; PostgreSQL's own are not counted. */
function cpu(pids: readonly number[]): number {
  const own = process.cpuUsage();
  const theirs = pids.map((pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' '));
  return (own.user + own.system) / 1e6 + theirs.reduce((sum, fields) => sum + (Number(fields[11]) + Number(fields[12])) / 100, 0);
}

interfere();
const { SEEDS = '1-25', DATABASE: database = 'sqlite', PROCESSES: processes = '1' } = process.env;
const server = new Server(root, memory, database || 'sqlite', Number(processes || 1));
server.ask({ do: 'reset', seed: 0 });
const before = { cpu: cpu(server.pids), time: Date.now() };
let failed = 0;
let ran = 0;
try {
  for (const seed of seedsOf(SEEDS)) {
    const steps = historyOf(seed, STEPS);
    const result = await run(server, seed, steps);
    ran += 1;
    if (process.env.SHOW) console.log(result.history.join('\n'));
    if (result.failure === null) continue;
    failed += 1;
    console.log(`\nSeed ${seed}: ${result.failure}`);
    if (!process.env.BRIEFLY) {
      const fewer = await shortened(server, seed, steps, result.failure);
      const again = await run(server, seed, fewer);
      console.log(`${fewer.length} of its ${steps.length} steps are enough: ${again.failure}`);
      console.log(again.history.join('\n'));
    }
    const given = Object.entries({ DATABASE: process.env.DATABASE, PROCESSES: process.env.PROCESSES, BREAK: broken }).map(([name, value]) => (value ? ` ${name}=${value}` : ''));
    console.log(`Replay: make simulate SEEDS=${seed}${given.join('')}`);
    if (Number(processes || 1) > 1) console.log('With several processes the order of what meets is the machine\'s: it may take a few tries.');
    if (process.env.FIRST) break;
  }
} finally {
  const seconds = cpu(server.pids) - before.cpu;
  const { records, requests, faults } = counted;
  console.log(`\nSeeds ${SEEDS}: ${ran} ran, ${failed} failed, ${STEPS} steps each; ${records} records, ${requests} requests, ${faults} faults of the line;`);
  console.log(`${Math.round((ran * 60) / seconds)} seeds per core-minute (${seconds.toFixed(1)} s of CPU in ${((Date.now() - before.time) / 1000).toFixed(1)} s), ${Math.round(process.memoryUsage().rss / 2 ** 20)} MB`);
  server.stop();
}
process.exit(failed ? 1 : 0);
