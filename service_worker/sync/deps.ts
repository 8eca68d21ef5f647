/** Everything sending and fetching touches outside its own rules, in one object: a test puts in what may go wrong. */

export interface Deps {
  fetch(address: string, init: RequestInit): Promise<Response>;
  /** Phone clock, ms since 1970; may jump. */
  now(): number;
  /** A clock that never jumps, ms. */
  mono(): number;
  random(bytes: number): Uint8Array;
  sha256(bytes: Uint8Array): Promise<Uint8Array>;
  /** Call `ring` after `ms`; the returned function calls it off. */
  timer(ms: number, ring: () => void): () => void;
  /** Null where the browser has no Web Locks. */
  locks: Pick<LockManager, 'request'> | null;
  caches: CacheStorage;
  /** Free room in bytes, or null where the browser does not say. */
  room(): Promise<number | null>;
  /** What the browser says of the connection; null where it says nothing (all iPhones). */
  connection(): { saveData: boolean; type: string | null } | null;
  /** Build id of the shell, and the language of the screen. */
  app: string;
  lang: string;
}
