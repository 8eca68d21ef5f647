/** Where somebody works, a copy of their record, and leaving this phone. What it does is in a file of its own (places/main.ts): most people work at one place. */

import { isOurs } from '../core/outbox.ts';
import { atStake } from '../store/leaving.ts';
import { setState } from '../store/person.ts';
import { LEFT, placesOf, value } from '../store/phone.ts';
import { json, post, read } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import { buttonLink } from './elements.ts';
import { gatherAll, isDone, standingOf, stillToDo } from './facts.ts';
import { currentPerson } from './go.ts';
import { saveBytes, saveCopy } from './not-saved.ts';
import { left } from './opened.ts';
import { pinForm } from './pin-form.ts';
import type { PlacesFile } from './places/main.ts';
import { tools as more } from './practice.ts';
import { sendNow } from './send-now.ts';
import { ERASED, readsNoMore, refusedPin } from './sign-in.ts';
import { takeOff } from './take-off.ts';
import { load } from './trusted.ts';
import { outcomeOf } from './waiting-words.ts';
import { enter } from './who.ts';

const tools = { ...more, ERASED, LEFT, atStake, buttonLink, enter, gatherAll, isDone, isOurs, json, left, load, outcomeOf, pinForm, post, read, readsNoMore, refusedPin, saveBytes, saveCopy, sendNow, setState, standingOf, stillToDo, takeOff, value };

/** What the file is handed of the page, so that nothing is on the wire twice. */
export type Tools = typeof tools & { deps: Deps };

const address = (): string => document.body.dataset['places']!;
const file = (from = address()): Promise<PlacesFile> => load(from) as Promise<PlacesFile>;

/** Whoever leaves a phone may have no signal: the file comes before it is called for. */
export const keepPlaces = async (deps: Deps): Promise<unknown> => (await deps.caches.match(address())) || file().then(({ keep }) => keep(deps), () => undefined);

/** A part of it in `host`, or My passport, whose page names a file of its own. In Me it is for everybody; elsewhere for those who work at more than one place. */
export async function places(host: HTMLElement, deps: Deps): Promise<void> {
  const { file: own, part } = host.dataset;
  const inMe = part === 'me';
  const who = await currentPerson(deps);
  if (!own && (!who || !(inMe || (await placesOf(who))[1]))) return;
  await file(own).then(
    ({ start }) => start(host, { ...tools, deps }),
    () => (own || inMe) && host.append(`${own ? '' : 'To leave or get a copy: '}Open this once where there is signal.`),
  );
}
