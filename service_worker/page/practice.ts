/** Practice observed: where it is offered. What it does is in a file of its own (practice/main.ts), fetched once lessons are here. */

import { state } from '../store/person.ts';
import { placesOf } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { currentPerson } from './go.ts';
import type { PracticeFile } from './practice/main.ts';
import { load } from './trusted.ts';

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
    ({ start }) => start(host, deps),
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
  if (told?.practice && (due || !(await state(person, 'practice')))) await file().then(({ round }) => round(deps, person), () => undefined);
}
