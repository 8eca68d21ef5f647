/** Where somebody works, a copy of their record, and leaving this phone. What it does is in a file of its own (places/main.ts): most people work at one place. */

import { placesOf } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { currentPerson } from './go.ts';
import type { PlacesFile } from './places/main.ts';
import { load } from './trusted.ts';

const ONCE = 'Open this once where there is signal.';

const address = (): string => document.body.dataset['places']!;
const file = (from = address()): Promise<PlacesFile> => load(from) as Promise<PlacesFile>;

/** Whoever leaves a phone may have no signal: the file comes before it is called for. */
export const keepPlaces = async (deps: Deps): Promise<unknown> => (await deps.caches.match(address())) || file().then(({ keep }) => keep(deps), () => undefined);

/** Keep easy-read letters; says whether they are here. */
export const keepLetters = (deps: Deps): Promise<boolean> => file().then((here) => here.keepLetters(deps), () => false);

/** A part of it in `host`, or My passport, whose page names a file of its own. In Me it is for everybody; elsewhere for those who work at more than one place. */
export async function places(host: HTMLElement, deps: Deps): Promise<void> {
  const { file: own, part } = host.dataset;
  const inMe = part === 'me';
  const who = await currentPerson(deps);
  if (!own && (!who || !(inMe || (await placesOf(who))[1]))) return;
  await file(own).then(
    ({ start }) => start(host, deps),
    () => (own || inMe) && host.append(`${own ? '' : 'To leave or get a copy: '}${ONCE}`),
  );
}
