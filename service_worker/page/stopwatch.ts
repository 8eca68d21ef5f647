/** Time spent with the page in sight. */

/** Returns a function that gives the whole seconds since it was last called, without the time the page was out of sight. */
export function watch(mono: () => number): () => number {
  let since: number | null = document.visibilityState === 'visible' ? mono() : null;
  let spent = 0;
  const stop = (): void => {
    if (since !== null) spent += mono() - since;
    since = null;
  };
  document.addEventListener('visibilitychange', () => {
    stop();
    if (document.visibilityState === 'visible') since = mono();
  });
  return () => {
    const running = since !== null;
    stop();
    const seconds = Math.floor(spent / 1000);
    spent -= seconds * 1000;
    if (running) since = mono();
    return seconds;
  };
}
