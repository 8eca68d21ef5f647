/** Practice observed: where it is offered. What it does is in a file of its own (practice/main.ts), fetched once lessons are here. */

import { keep, records, saveDraft, state, unfinished } from '../store/person.ts';
import { placesOf } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { refresh } from '../sync/refresh.ts';
import { changed, whenChanged } from './changes.ts';
import { draw } from './draw.ts';
import { announce, button, make } from './elements.ts';
import { currentPerson, stampOf } from './go.ts';
import { troublePlace } from './not-saved.ts';
import { linkRow, notJoined, sign } from './pieces.ts';
import type { PracticeFile } from './practice/main.ts';
import { load } from './trusted.ts';

export const tools = { announce, button, changed, currentPerson, draw, keep, linkRow, make, notJoined, placesOf, records, refresh, saveDraft, sign, stampOf, state, troublePlace, unfinished, whenChanged };

/** What the file is handed of the page, so that nothing is on the wire twice. */
export type Tools = typeof tools & { deps: Deps };

const file = (): Promise<PracticeFile> => load(document.body.dataset['practice']!) as Promise<PracticeFile>;

/** A screen of it in `host`. */
export async function practice(host: HTMLElement, deps: Deps): Promise<void> {
  // A screen of its own says why it is not there; a part of another does without.
  const part = host.dataset['part'];
  const who = part ? await currentPerson(deps) : null;
  // My record is of all places, the rows of other pages are of this one.
  const told = who && (await Promise.all((part === 'record' ? await placesOf(who) : [who]).map(({ id }) => state(id, 'snapshot'))));
  if (part && !told?.some((one) => one?.practice)) return;
  await file().then(
    ({ start }) => start(host, { ...tools, deps }),
    () => part || host.append('Open this once where there is signal.'),
  );
}

/**
 * Ask what is new when it is time (`due`) or nothing is known, and see that the file is kept for when there is no signal.
 * Nothing, where practice is not watched. Where tasks are delegated, the file that shows them keeps itself, opened before or not.
 */
export async function practiceRound(deps: Deps, person: string, due: boolean): Promise<void> {
  const told = await state(person, 'snapshot');
  if (told?.delegated?.length) await load(document.body.dataset['tasks']!).catch(() => undefined);
  if (told?.practice && (due || !(await state(person, 'practice')))) await file().then(({ round }) => round({ ...tools, deps }, person), () => undefined);
}
