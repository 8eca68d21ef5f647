/** The real surroundings, for page and worker alike. Tests build their own. */

import { browserFetch } from './api.ts';
import { phoneMono, phoneNow } from './clock.ts';
import type { Deps } from './deps.ts';

/** Deps of this browser. Make one and pass it on: senders on one Deps know of each other. */
export function browserDeps(app: string, lang: string): Deps {
  const connection = (navigator as { connection?: { saveData?: boolean; type?: string } }).connection;
  return {
    fetch: browserFetch,
    now: phoneNow,
    mono: phoneMono,
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    sha256: async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)),
    timer: (ms, ring) => {
      const id = setTimeout(ring, ms);
      return () => clearTimeout(id);
    },
    locks: navigator.locks ?? null,
    caches,
    room: async () => {
      const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
      return quota === undefined || usage === undefined ? null : quota - usage;
    },
    connection: () => (connection ? { saveData: connection.saveData ?? false, type: connection.type ?? null } : null),
    app,
    lang,
  };
}
