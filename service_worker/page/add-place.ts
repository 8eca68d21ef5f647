/** At a code of another provider, on a phone where somebody is already: is it theirs? What it does is in a file of its own (join-offer.ts), fetched only there. */

import { isOurs } from '../core/outbox.ts';
import { LEFT, byPerson, people, personUuid, value } from '../store/phone.ts';
import { ask, json } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import { button, buttonLink, make } from './elements.ts';
import { firstFetch, isEnrolment, rowFor, settle } from './enrol.ts';
import type { OfferFile } from './join-offer.ts';
import { curtainFor } from './pin-curtain.ts';
import { pinForm } from './pin-form.ts';
import { refusedPin } from './sign-in.ts';
import { load } from './trusted.ts';
import { called } from './who.ts';

const tools = { LEFT, ask, button, buttonLink, byPerson, called, curtainFor, firstFetch, isEnrolment, isOurs, json, make, people, personUuid, pinForm, refusedPin, rowFor, settle, value };

/** What the file is handed of the page, so that nothing is on the wire twice. */
export type Tools = typeof tools & { deps: Deps };

/** Offer it in `host`. Where the file does not come, the page stays as it is. */
export async function addPlace(host: HTMLElement, deps: Deps): Promise<void> {
  const all = await people();
  if (all.length) await load(host.dataset['file']!).then((file) => (file as OfferFile).start(host, { ...tools, deps }, all), () => undefined);
}
