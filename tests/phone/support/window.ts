/** The little of a window that the store looks at. Import this before anything that opens a database. */

const target = new EventTarget();
Object.assign(globalThis, { addEventListener: target.addEventListener.bind(target), removeEventListener: target.removeEventListener.bind(target) });

/** The page is left, or comes back out of the browser's memory. */
export const happens = (name: 'pagehide' | 'pageshow'): void => void target.dispatchEvent(new Event(name));
