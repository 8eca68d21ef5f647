/**
 * The check page's own worker. It answers for `/credentials/check` and nothing else, so that whoever checks a credential
 * once, without an account, needs not keep the whole app; and a phone that has the app keeps it as it is. The page comes
 * from the network where there is one, as its form carries a token; else from the phone.
 */

/** At the head of `/credentials/check-worker.js`: the page, and the built files it is made of. */
declare const CHECK: { build: string; page: string; files: string[] };
declare const self: ServiceWorkerGlobalScope;

const STEM = 'check-page-';
const cacheName = STEM + CHECK.build;
/** ms a person waits for the network before the phone's own page is shown. */
const PATIENCE = 3000;
const hex = (bytes: ArrayBuffer): string => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The file or page at an address, proved to be ours: a built file by the hash in its name, the page by its policy and its files. */
async function ours(address: string): Promise<[string, Response]> {
  const answer = await fetch(address, { credentials: 'omit', redirect: 'error', cache: address === CHECK.page ? 'no-store' : 'default' });
  const body = await answer.arrayBuffer();
  const text = new TextDecoder().decode(body);
  const hash = /-([0-9a-f]{10})\.\w+$/.exec(address)?.[1];
  const right = hash ? hex(await crypto.subtle.digest('SHA-256', body)).startsWith(hash) : answer.headers.has('content-security-policy') && CHECK.files.every((file) => text.includes(file));
  if (!answer.ok || !right) throw new Error(`Not ours: ${address}`);
  const headers = new Headers(answer.headers);
  for (const name of ['content-encoding', 'content-length', 'vary']) headers.delete(name);
  return [address, new Response(body, { headers })];
}

/** All or nothing. */
async function install(): Promise<void> {
  const found = await Promise.all([CHECK.page, ...CHECK.files].map(ours));
  const cache = await caches.open(cacheName);
  for (const [address, response] of found) await cache.put(address, response);
  // Pages that are open have their files already, and each next one comes with its own.
  await self.skipWaiting();
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(STEM) && name !== cacheName) await caches.delete(name);
}

const kept = async (address: string): Promise<Response | undefined> => (await caches.open(cacheName)).match(address);

async function page(request: Request): Promise<Response> {
  const network = fetch(request);
  const late = new Promise<null>((resolve) => setTimeout(resolve, PATIENCE, null));
  const answer = await Promise.race([network, late]).catch(() => null);
  if (answer && answer.status < 500) return answer;
  return (await kept(CHECK.page).catch(() => undefined)) ?? network;
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate' && pathname === CHECK.page) event.respondWith(page(request));
  else if (CHECK.files.includes(pathname)) event.respondWith(kept(pathname).then((found) => found ?? fetch(request)));
});

export {};
