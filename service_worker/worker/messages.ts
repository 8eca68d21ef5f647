/** Message: what pages may ask of the worker. */

export interface Question {
  ask?: 'skip-waiting' | 'version';
}

/** Take over when a person pressed "Update", or say which build this is. */
export function hear(event: Pick<ExtendableMessageEvent, 'data' | 'ports' | 'waitUntil'>, build: string, skipWaiting: () => Promise<void>): void {
  const { ask } = (event.data ?? {}) as Question;
  if (ask === 'skip-waiting') event.waitUntil(skipWaiting());
  if (ask === 'version') event.ports[0]?.postMessage({ build });
}
