/**
 * What nobody needs on the first day: looking back, the rest of Me with leaving this phone, several places. It is in a file of its own (places/main.ts), which
 * comes by itself once a module was finished or nothing else is new.
 */

import { placesOf } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { currentPerson } from './go.ts';
import type { PlacesFile } from './places/main.ts';
import { load } from './trusted.ts';

const ONCE = 'Open this once where there is signal.';

const address = (): string => document.body.dataset['places']!;
/** The file, or that of My passport; it fails without signal where it has not come yet. */
export const placesFile = (from = address()): Promise<PlacesFile> => load(from) as Promise<PlacesFile>;

/** Whoever leaves a phone may have no signal: the file comes before it is called for. */
export const keepPlaces = async (deps: Deps): Promise<unknown> => (await deps.caches.match(address())) || placesFile().then(({ keep }) => keep(deps), () => undefined);

/** Keep easy-read letters; says whether they are here. */
export const keepLetters = (deps: Deps): Promise<boolean> => placesFile().then((here) => here.keepLetters(deps), () => false);

/** A part of it in `host`, or My passport, whose page names a file of its own. Today and a module's start have parts for those who work at more than one place. */
export async function places(host: HTMLElement, deps: Deps): Promise<void> {
  const { file: own, part } = host.dataset;
  const inMe = part === 'me';
  const whole = own || part === 'look-back';
  const who = await currentPerson(deps);
  if (!whole && (!who || !(inMe || (await placesOf(who))[1]))) return;
  await placesFile(own).then(
    ({ start }) => start(host, deps),
    () => (whole || inMe) && host.append(`${inMe ? 'To leave or get a copy: ' : ''}${ONCE}`),
  );
}
