/** One page, several components: whoever changes what is on the phone says so, and the others look again. */

const NAME = 'bv-changed';

export const changed = (): void => void document.dispatchEvent(new Event(NAME));

/** Run `work` now, after every change, and when somebody comes back to this page; one after the other. */
export function whenChanged(work: () => Promise<void>): void {
  let last: Promise<void> = Promise.resolve();
  let queued = false;
  const again = (): void => {
    if (queued) return;
    queued = true;
    last = last.then(() => {
      queued = false;
      return work();
    }).catch((error: unknown) => {
      // One component that fails must not take the others with it; it tries again at the next change.
      console.error(error);
    });
  };
  document.addEventListener(NAME, again);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && again());
  addEventListener('pageshow', (event) => event.persisted && again());
  again();
}
