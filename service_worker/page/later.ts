/** Screens of the second file (more.ts): fetched when a page has one of them, from the phone once the worker has kept it. */

import type { Start } from './boot.ts';
import { alert, paragraph } from './pieces.ts';
import type { Screens } from './more.ts';
import { load } from './trusted.ts';

/** The file's name, put here by the build: it lies beside app.js. */
declare const MORE: string;

/** Fetch it while there is nothing else to fetch: the next page has one of them. */
export const fetchLater = (): void => void load(`./${MORE}`).catch(() => undefined);

/** The component of this name. */
export const later = (component: keyof Screens): Start => async (host, deps) => {
  const file = await load(`./${MORE}`).catch(() => null);
  if (file) return (file as { screens: Screens }).screens[component](host, deps);
  host.append(alert('important', 'No signal', paragraph('Load this page again when there is signal. What you did is safe.')));
};
