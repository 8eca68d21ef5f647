/** At a code of another provider, on a phone where somebody is already: is it theirs? What it does is in a file of its own (join-offer.ts), fetched only there. */

import { people } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import type { OfferFile } from './join-offer.ts';
import { load } from './trusted.ts';

/** Offer it in `host`. Where the file does not come, the page stays as it is. */
export async function addPlace(host: HTMLElement, deps: Deps): Promise<void> {
  const all = await people();
  if (all.length) await load(host.dataset['file']!).then((file) => (file as OfferFile).start(host, deps, all), () => undefined);
}
