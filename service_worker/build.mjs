/**
 * Build what the phone loads: one script for page and worker, one stylesheet, one icon sprite, the easy-read letters.
 *
 * The same sources always give the same bytes and names, so a phone fetches a file again only when it changed.
 * Missing sources are named, the rest is still built, and the command fails at the end; so does a broken budget.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { minify } from 'terser';
import { sharedBy } from './shared.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '..');
const out = join(root, 'app/static/build');
const target = ['chrome100', 'firefox102', 'safari15.4'];
/**
 * Bytes after Brotli. `scripts` is all that a first visit brings of somebody who is watched by nobody and works at one place, but for the list of files
 * before the worker's own lines. `outbox` guards what must stay readable.
 */
const budgets = { scripts: 39_800, styles: 7_000, outbox: 15_300, staff: 2_000, bell: 1_000, practice: 12_000, plan: 6_700, places: 7_150, passport: 6_100, qr: 2_400, join: 2_400, again: 5_900, check: 6_550, 'check worker': 1_000, 'self-test': 4_200, desk: 25_000, preview: 25_000, scorm: 25_000, 'desk styles': 4_000, 'staff styles': 4_000 };
/** Alphabets and weights of the easy-read letters. Łucja needs the second alphabet, Ọlá the third. */
const LETTERS = ['latin', 'latin-ext', 'vietnamese'].flatMap((alphabet) => [`${alphabet}-400`, `${alphabet}-700`]);
/** Loaded on staff pages alone, so no part of what a phone downloads. */
const STAFF_ONLY = 'passkey.js';
/** Fetched by whoever opens the self-test, and by nobody else. */
const SELF_TEST = 'self-test.js';
/** Messages on the lock screen: fetched by whoever opens Me where the server offers it. */
const BELL = 'push.js';
/** Practice observed, for assessors and those they watch: kept once lessons are on the phone. */
const PRACTICE = 'practice.js';
/** My plan: fetched by whoever opens it, and kept from then on. */
const PLAN = 'plan.js';
/** What nobody needs on the first day: looking back, the rest of Me, several places. Kept once a module was finished or nothing else is new. */
const PLACES = 'places.js';
/** My passport: fetched by whoever opens it, and kept from then on. */
const PASSPORT = 'passport.js';
/** The squares of its links: kept with it. */
const QR = 'qr.js';
/** Joining a second place as somebody who is on the phone already: fetched on /join where there is such a person. */
const JOIN = 'join.js';
/** Wherever a PIN is typed again, and a new phone: fetched then, and kept where the phone asks for a PIN. */
const AGAIN = 'again.js';
/** Files that use what app.js has (shared.mjs), by their entries in page/. */
const BESIDE = [[PLACES, 'places/main.ts'], [PASSPORT, 'passport/main.ts'], [PRACTICE, 'practice/main.ts'], [JOIN, 'join-offer.ts'], [AGAIN, 'again.ts'], [BELL, 'push.ts']];
/** A credential checked on whatever phone or computer opens the check page, and the worker that keeps that page there. */
const CHECK = ['check.js', 'check-worker.js'];
/** How matrices and forms of the staff pages look. */
const STAFF_STYLES = 'staff.css';
/** Where trainers write: on staff pages alone, and in the preview beside them. */
const DESK = ['desk.js', 'preview.js', 'desk.css'];
/** A module alone, in the package for other learning systems. */
const SCORM = 'scorm.js';
const problems = [];
const written = new Map(); // file name -> bytes
const manifest = {};

const brotli = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });

function gzip(bytes) {
  const packed = gzipSync(bytes, { level: 9 });
  packed[9] = 255; // "unknown system", so that two machines give the same bytes
  return packed;
}

function write(logical, bytes, { hashed = true, packed = true } = {}) {
  const extension = extname(logical);
  const stem = logical.slice(0, -extension.length);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
  const name = hashed ? `${stem}-${hash}${extension}` : logical;
  const files = [[name, bytes]];
  if (packed) files.push([`${name}.br`, brotli(bytes)], [`${name}.gz`, gzip(bytes)]);
  for (const [file, content] of files) {
    written.set(file, content);
    writeFileSync(join(out, file), content);
  }
  manifest[logical] = name;
}

function missing(path, what) {
  if (existsSync(join(root, path))) return false;
  problems.push(`${path} is not there, so ${what} was not built.`);
  return true;
}

/** For every run of esbuild. */
const always = { absWorkingDir: root, legalComments: 'none', target, charset: 'utf8', logLevel: 'silent' };

async function bundle(entry) {
  const result = await build({ ...always, ...entry, bundle: true, write: false, format: entry.format ?? 'iife', minify: true });
  // A second pass by terser: the names it gives repeat more, so Brotli makes a twentieth less of them. "unsafe" is to take what
  // browsers have built in (String, Array, Error) for what it is: nothing here puts something else in its place.
  const { code } = await minify(result.outputFiles[0].text, { ecma: 2020, module: entry.format === 'esm', compress: { ecma: 2020, passes: 3, hoist_funs: true, unsafe: true, unsafe_arrows: true, lhs_constants: false } });
  return Buffer.from(code);
}

async function script(path, logical, what, options) {
  if (!missing(path, what)) await bundled(logical, { entryPoints: [path] }, options);
}

async function bundled(logical, entry, options) {
  try {
    write(logical, await bundle(entry), options);
  } catch (error) {
    problems.push(`${logical}: ${error.message}`);
  }
}

/** The stylesheet `logical`: the files named `first`, then all of `folder`. */
async function styles(logical, first, folder) {
  const css = 'app/static/css';
  if (missing(css, 'the stylesheet')) return;
  const parts = [...first];
  if (existsSync(join(root, css, folder))) {
    parts.push(...readdirSync(join(root, css, folder)).filter((name) => name.endsWith('.css')).sort().map((name) => `${folder}/${name}`));
  }
  const present = parts.filter((name) => !missing(`${css}/${name}`, `${name} in the stylesheet`));
  if (!present.length) return;
  const source = present.map((name) => readFileSync(join(root, css, name), 'utf8')).join('\n');
  const { code, warnings } = await transform(source, { loader: 'css', minify: true, target, legalComments: 'none' });
  for (const warning of warnings) problems.push(`stylesheet: ${warning.text}`);
  write(logical, Buffer.from(code.replace(/url\("?([\w-]+\.woff2)"?\)/g, (_, name) => `url(${letter(name)})`)));
}

/** Easy-read letters, named by the stylesheet; their licence lies beside them. Fetched by whoever switches them on. */
function letters() {
  const folder = join(root, 'node_modules/@fontsource/andika');
  for (const name of LETTERS) write(`andika-${name}.woff2`, readFileSync(join(folder, 'files', `andika-${name}-normal.woff2`)), { packed: false });
  write('andika-licence.txt', readFileSync(join(folder, 'LICENSE')), { hashed: false, packed: false });
}

function letter(name) {
  if (!manifest[name]) problems.push(`The stylesheet names ${name}, which is not built.`);
  return manifest[name];
}

/** One file of symbols, `<use href="…#icon-clock">`. Lucide is ISC-licensed; the notice travels with the file. */
function sprite() {
  const names = JSON.parse(readFileSync(join(here, 'icons.json'), 'utf8'));
  const symbols = Object.keys(names).sort().map((name) => {
    const source = readFileSync(join(root, 'node_modules/lucide-static/icons', `${names[name]}.svg`), 'utf8');
    const inner = source.slice(source.indexOf('>', source.indexOf('<svg')) + 1, source.lastIndexOf('</svg>'));
    const shapes = inner.replace(/\s+/g, ' ').replace(/> </g, '><').replace(/ \/>/g, '/>').trim();
    return `<symbol id="icon-${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`;
  });
  write('icons.svg', Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide, ISC licence -->${symbols.join('')}</svg>`));
}

function appIcons() {
  const folder = join(root, 'app/static/icons');
  if (missing('app/static/icons', 'the icons for the home screen')) return;
  for (const name of readdirSync(folder).filter((file) => /\.(png|svg|ico)$/.test(file)).sort()) {
    write(name, readFileSync(join(folder, name)), { packed: name.endsWith('.svg') });
  }
}

/** The rules, the store and the sender together, weighed alone: they ship inside app.js. */
async function outboxSize() {
  const lines = ['core', 'store', 'sync'].flatMap((folder) =>
    readdirSync(join(here, folder)).filter((file) => file.endsWith('.ts')).sort()
      .map((file, index) => `export * as ${folder}${index} from './${folder}/${file}';`));
  if (!lines.length) return 0;
  const bytes = await bundle({ stdin: { contents: lines.join('\n'), resolveDir: here, loader: 'ts' }, globalName: 'bv' });
  return brotli(bytes).length;
}

mkdirSync(out, { recursive: true });
// Page and worker in one file, of which each runs its half: what both need is on the wire once.
const app = await sharedBy({ contents: "import './page/main.ts';\nimport './worker/index.ts';", resolveDir: here }, always);
for (const [logical, path] of BESIDE) {
  const source = await app.file({ entryPoints: [`service_worker/page/${path}`] }).catch((error) => problems.push(`${logical}: ${error.message}`));
  if (typeof source === 'string') await bundled(logical, { stdin: { contents: source }, format: 'esm' });
}
await bundled('app.js', { stdin: app.entry() });
await script('service_worker/page/theme.ts', 'theme.js', 'the theme script', { hashed: false, packed: false });
await script('service_worker/page/passkey.ts', STAFF_ONLY, 'the passkey script of the staff pages');
await bundled(QR, { entryPoints: ['service_worker/page/qr.ts'], format: 'esm' });
// It stands beside app.js, which makes the page's one policy for HTML; this file has none and needs none.
const withoutHtml = { name: 'without-html', setup: ({ onResolve }) => onResolve({ filter: /\/trusted\.ts$/ }, () => ({ path: join(here, 'page/plan/no-html.ts') })) };
await bundled(PLAN, { entryPoints: ['service_worker/page/plan/main.ts'], plugins: [withoutHtml] });
// This page has a worker of its own to run, so its policy is its own; and it keeps nothing in the phone's database.
const withItsWorker = { name: 'with-its-worker', setup: ({ onResolve }) => {
  onResolve({ filter: /\/trusted\.ts$/ }, () => ({ path: join(here, 'check/trusted.ts') }));
  onResolve({ filter: /\/store\/phone\.ts$/ }, () => ({ path: join(here, 'store/phone.ts'), sideEffects: false }));
} };
await bundled(CHECK[0], { entryPoints: ['service_worker/check/main.ts'], plugins: [withItsWorker] });
await script('service_worker/worker/check-page.ts', CHECK[1], 'the worker of the check page', { hashed: false });
await script('service_worker/page/self-test.ts', SELF_TEST, 'the self-test');
await script('service_worker/desk/main.ts', 'desk.js', 'the desk');
await script('service_worker/desk/preview.ts', 'preview.js', 'the preview of the desk');
await script('service_worker/desk/scorm.ts', SCORM, 'the module for other learning systems');
await script('service_worker/worker/load.ts', 'sw-core.js', 'the worker', { hashed: false });
await script('service_worker/worker/off.ts', 'sw-off.js', 'the kill switch', { hashed: false });
letters();
await styles('app.css', ['letters.css', 'tokens.css', 'base.css', 'layout.css'], 'components');
await styles('desk.css', [], 'desk');
await styles(STAFF_STYLES, [], 'staff');
sprite();
appIcons();
writeFileSync(join(out, 'manifest.json'), `${JSON.stringify(manifest, Object.keys(manifest).sort(), 1)}\n`);
written.set('manifest.json', Buffer.alloc(0));
for (const file of readdirSync(out)) if (!written.has(file)) rmSync(join(out, file), { recursive: true });

const apart = (name) => [STAFF_ONLY, STAFF_STYLES, BELL, PRACTICE, PLAN, PLACES, PASSPORT, QR, JOIN, AGAIN, SELF_TEST, SCORM, ...CHECK, ...DESK].some((one) => name === `${manifest[one]}.br`);
const weigh = (extension) => [...written].filter(([name]) => name.endsWith(`${extension}.br`) && !apart(name)).reduce((sum, [, bytes]) => sum + bytes.length, 0);
for (const [logical, name] of Object.entries(manifest).sort()) {
  const packed = written.get(`${name}.br`);
  console.log(`${logical.padEnd(16)} ${name.padEnd(32)} ${String(written.get(name).length).padStart(8)} B ${packed ? `${String(packed.length).padStart(7)} B Brotli` : ''}`);
}
const outbox = await outboxSize().catch((error) => { problems.push(error.message); return 0; });
const sizeOf = (logical) => written.get(`${manifest[logical]}.br`)?.length ?? 0;
for (const [what, size] of [['scripts', weigh('.js')], ['staff', sizeOf(STAFF_ONLY)], ['bell', sizeOf(BELL)], ['practice', sizeOf(PRACTICE)], ['plan', sizeOf(PLAN)], ['places', sizeOf(PLACES)], ['passport', sizeOf(PASSPORT)], ['qr', sizeOf(QR)], ['join', sizeOf(JOIN)], ['again', sizeOf(AGAIN)], ['check', sizeOf(CHECK[0])], ['check worker', sizeOf(CHECK[1])], ['self-test', sizeOf(SELF_TEST)], ['desk', sizeOf('desk.js')], ['preview', sizeOf('preview.js')], ['scorm', sizeOf(SCORM)], ['desk styles', sizeOf('desk.css')], ['staff styles', sizeOf(STAFF_STYLES)], ['styles', weigh('.css')], ['outbox', outbox]]) {
  console.log(`${what.padEnd(16)} ${size} of ${budgets[what]} B Brotli`);
  if (size > budgets[what]) problems.push(`Over budget: ${what} weigh ${size} B, the limit is ${budgets[what]} B.`);
}
for (const problem of problems) console.error(`build: ${problem}`);
process.exitCode = problems.length ? 1 : 0;
