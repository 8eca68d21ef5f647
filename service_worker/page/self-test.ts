/** The self-test: what this browser really does of all that Between Visits leans on, in words and as a text to send in. */

import { deleteDatabase, read, write, type Schema } from '../store/open.ts';
import { value } from '../store/phone.ts';
import { ask, ping } from '../sync/api.ts';
import { browserDeps } from '../sync/browser.ts';
import type { Deps } from '../sync/deps.ts';
import { button, icon, make } from './elements.ts';

/** works; fails: something the app needs is broken; absent: the browser has no such thing, and the app does without. */
interface Found {
  end: 'works' | 'fails' | 'absent';
  told: string;
}

interface Check {
  name: string;
  run(deps: Deps): Promise<Found>;
}

const SCRATCH: Schema = { name: 'self-test', steps: [(database) => void database.createObjectStore('tried')] };
const CACHE = 'self-test';
/** Longest a check may take, in ms. */
const LIMIT = 15_000;

const works = (told: string): Found => ({ end: 'works', told });
const fails = (told: string): Found => ({ end: 'fails', told });
const absent = (told: string): Found => ({ end: 'absent', told });
const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;

const CHECKS: readonly Check[] = [
  {
    name: 'Storage',
    async run() {
      await write(SCRATCH, ['tried'], async (tried) => void tried.put('words', 1), {});
      const found = await read<unknown>(SCRATCH, 'tried', (tried) => tried.get(1));
      return found === 'words' ? works('Kept and read again.') : fails('What was kept was not there.');
    },
  },
  {
    name: 'Strict write',
    async run(deps) {
      const began = deps.mono();
      for (let number = 0; number < 5; number += 1) {
        await write(SCRATCH, ['tried'], async (tried) => void tried.put('x'.repeat(1000), number));
      }
      return works(`${Math.round((deps.mono() - began) / 5)} ms each.`);
    },
  },
  {
    name: 'Pages and lessons kept',
    async run(deps) {
      const cache = await deps.caches.open(CACHE);
      await cache.put('/self-test-words', new Response('words'));
      const found = await (await cache.match('/self-test-words'))?.text();
      await deps.caches.delete(CACHE);
      return found === 'words' ? works('Kept and read again.') : fails('What was kept was not there.');
    },
  },
  {
    name: 'Worker',
    async run() {
      const workers = navigator.serviceWorker;
      if (!workers) return absent('None: lessons need signal here.');
      const { active, waiting } = (await workers.getRegistration()) ?? {};
      const what = [active && 'installed', waiting && 'update waiting', workers.controller && 'in charge of this page'].filter(Boolean);
      return active ? works(`${what.join(', ')}.`) : absent('Not installed. It comes when somebody joins.');
    },
  },
  {
    name: 'Pieces of a file',
    async run(deps) {
      const address = document.querySelector<HTMLLinkElement>('link[rel="icon"]')!.href;
      const { status, body } = await ask(deps, address, { headers: { range: 'bytes=0-1' } });
      return status === 206 && body.length === 2 ? works('Two bytes of a file came as two bytes.') : fails(`Status ${status}, ${body.length} bytes.`);
    },
  },
  {
    name: 'Proof by hash',
    async run(deps) {
      const [first] = await deps.sha256(new TextEncoder().encode('abc'));
      return first === 0xba ? works('SHA-256 is right.') : fails('SHA-256 is wrong.');
    },
  },
  {
    name: 'One sender at a time',
    async run(deps) {
      return (await deps.locks?.request('bv-self-test', () => 'held')) === 'held' ? works('Locks hold.') : absent('No locks: two tabs may both send. Nothing is stored twice.');
    },
  },
  {
    name: 'Room',
    async run(deps) {
      const room = await deps.room();
      if (room === null) return absent('The browser does not say.');
      const { usage = 0 } = await navigator.storage.estimate();
      return works(`${megabytes(room)} free, ${megabytes(usage)} used.`);
    },
  },
  {
    name: 'Kept for good',
    async run() {
      if (!navigator.storage?.persisted) return absent('The browser does not say.');
      return (await navigator.storage.persisted()) ? works('Yes.') : absent('Not promised. The browser may clear it when it needs room.');
    },
  },
  {
    name: 'Server and clock',
    async run(deps) {
      await ping(deps);
      const known = await value('clockOffset');
      return works(known ? `Our server. This clock is ${Math.round(Math.abs(known.off) / 1000)} s ${known.off < 0 ? 'ahead' : 'behind'}.` : 'Our server.');
    },
  },
];

/** Run one check; whatever goes wrong is a finding. */
async function tried(check: Check, deps: Deps): Promise<Found> {
  const late = new Promise<Found>((resolve) => deps.timer(LIMIT, () => resolve(fails('No answer.'))));
  return Promise.race([check.run(deps), late]).catch((error: unknown) => fails(String(error)));
}

/** What says which phone this is; nothing of a person. */
async function about(): Promise<string[]> {
  const home = matchMedia('(display-mode: standalone)').matches ? 'home screen' : 'browser';
  const build = (await value('shell').catch(() => undefined)) ?? 'none';
  return [`Browser: ${navigator.userAgent}`, `Opened from: ${home}`, `Screen: ${screen.width} by ${screen.height}, ${devicePixelRatio}`, `Zone: ${Intl.DateTimeFormat().resolvedOptions().timeZone}`, `Says it is online: ${navigator.onLine}`, `Build: ${build}`];
}

const SIGNS = { works: ['tick', 'Works'], fails: ['triangle', 'Does not work'], absent: ['dash', 'Not here'] } as const;

function row(name: string, { end, told }: Found): HTMLElement {
  const [sign, words] = SIGNS[end];
  return make('li', { class: 'bv-list__item', 'data-check': name, 'data-end': end }, make('div', { class: 'bv-list__body' }, make('span', { class: 'bv-list__title' }, name), make('span', { class: 'bv-status' }, icon(sign), make('span', {}, words)), make('span', { class: 'bv-soft' }, told)));
}

async function copy(area: HTMLTextAreaElement, said: HTMLElement): Promise<void> {
  area.select();
  const copied = await navigator.clipboard?.writeText(area.value).then(() => true, () => false);
  said.textContent = copied ? 'Copied.' : 'It is marked now: press and hold it, then Copy.';
}

async function run(host: HTMLElement): Promise<void> {
  const list = make('ul', { class: 'bv-list' });
  host.replaceChildren(list);
  const deps = browserDeps('self-test', 'en');
  const lines = [...(await about())];
  let broken = 0;
  for (const check of CHECKS) {
    const found = await tried(check, deps);
    broken += Number(found.end === 'fails');
    list.append(row(check.name, found));
    lines.push(`${check.name}: ${SIGNS[found.end][1]}. ${found.told}`);
  }
  await deleteDatabase(SCRATCH.name).catch(() => undefined);
  const said = make('p', { role: 'status' });
  const area = make('textarea', { class: 'bv-field__input', id: 'self-test-text', rows: '8', readonly: true });
  area.value = lines.join('\n');
  host.append(
    make('p', { class: 'bv-lead', 'data-outcome': broken ? 'fails' : 'works' }, broken ? 'Something does not work on this phone. Send us the text below.' : 'This phone does what Between Visits needs.'),
    make('div', { class: 'bv-field' }, make('label', { class: 'bv-field__label', for: area.id }, 'The text to send'), area),
    make('div', { class: 'bv-stack' }, button('Copy the text', () => void copy(area, said), { look: 'wide' }), 'share' in navigator ? button('Share the text', () => void navigator.share({ text: area.value }).catch(() => undefined), { look: 'wide' }) : null, said),
  );
}

const host = document.querySelector<HTMLElement>('[data-self-test]')!;
// No Cache Storage or no crypto at all: that is the finding.
run(host).catch((error: unknown) => host.append(make('p', { class: 'bv-lead', 'data-outcome': 'fails' }, `This browser cannot keep lessons. ${String(error)}`)));
