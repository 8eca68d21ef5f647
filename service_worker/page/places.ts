/** Where somebody works, a copy of their record, and leaving this phone. What it does is in a file of its own (places/main.ts): most people work at one place. */

import { isOurs } from '../core/outbox.ts';
import { atStake } from '../store/leaving.ts';
import { LEFT, placesOf, value } from '../store/phone.ts';
import { json, post } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import { changed, whenChanged } from './changes.ts';
import { draw } from './draw.ts';
import { button, buttonLink, make } from './elements.ts';
import { gatherAll, isDone, standingOf, stillToDo } from './facts.ts';
import { currentPerson } from './go.ts';
import { saveBytes, saveCopy } from './not-saved.ts';
import { left } from './opened.ts';
import { sign } from './pieces.ts';
import { pinForm } from './pin-form.ts';
import type { PlacesFile } from './places/main.ts';
import { sendNow } from './send-now.ts';
import { ERASED, readsNoMore, refusedPin } from './sign-in.ts';
import { takeOff } from './take-off.ts';
import { load } from './trusted.ts';
import { outcomeOf } from './waiting-words.ts';
import { enter } from './who.ts';

const tools = { ERASED, LEFT, atStake, button, buttonLink, changed, currentPerson, draw, enter, gatherAll, isDone, isOurs, json, left, make, outcomeOf, pinForm, placesOf, post, readsNoMore, refusedPin, saveBytes, saveCopy, sendNow, sign, standingOf, stillToDo, takeOff, value, whenChanged };

/** What the file is handed of the page, so that nothing is on the wire twice. */
export type Tools = typeof tools & { deps: Deps };

/** A part of it in `host`. In Me it is for everybody; elsewhere for those who work at more than one place. */
export async function places(host: HTMLElement, deps: Deps): Promise<void> {
  const inMe = host.dataset['part'] === 'me';
  const who = await currentPerson(deps);
  if (!who || !(inMe || (await placesOf(who))[1])) return;
  await load(document.body.dataset['places']!).then(
    (file) => (file as PlacesFile).start(host, { ...tools, deps }),
    () => inMe && host.append('To leave this phone, or for a copy of your record, open this once where there is signal.'),
  );
}
