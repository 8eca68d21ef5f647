/** My passport. What it does is in a file of its own (passport/main.ts), kept on the phone once it was opened. */

import { newId } from '../core/records.ts';
import { setState } from '../store/person.ts';
import { read } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import { keepFile } from './keep-file.ts';
import type { PassportFile } from './passport/main.ts';
import { tools as more } from './places.ts';
import { count, day, when } from './say.ts';
import { load } from './trusted.ts';

const tools = { ...more, count, day, keepFile, load, newId, read, setState, when };

/** What the file is handed of the page, so that nothing is on the wire twice. */
export type Tools = typeof tools & { deps: Deps };

/** Draw it in `host`. */
export const passport = (host: HTMLElement, deps: Deps): Promise<void> =>
  load(host.dataset['file']!).then(
    (file) => (file as PassportFile).start(host, { ...tools, deps }),
    () => host.append('Open this once where there is signal.'),
  );
