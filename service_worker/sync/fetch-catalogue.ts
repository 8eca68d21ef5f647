/** The list of modules on offer to one person, what it means for the editions on this phone, and what each is about. */

import type { Catalogue } from '../core/api.ts';
import { state } from '../store/person.ts';
import type { Deps } from './deps.ts';
import { settleEditions } from './editions.ts';
import { refresh, type Refreshed } from './refresh.ts';

/**
 * Fetch the catalogue when it changed; then pin what is assigned and take away what was withdrawn. `told`: what came of
 * asking for the state just now, which says whether the catalogue that is here is the present one.
 */
export async function fetchCatalogue(deps: Deps, personId: string, told?: Refreshed): Promise<Refreshed> {
  const here = (await state(personId, 'catalogue'))?.catalogue;
  if (here && (told === 'same' || told === 'new') && here === (await state(personId, 'snapshot'))?.catalogue) return 'same';
  const found = await refresh(
    deps,
    personId,
    'catalogue',
    'catalogue',
    (catalogue) => Array.isArray(catalogue.modules),
    {},
    // A server of an earlier release sends all it knows, whatever is asked.
    { query: '?form=short', made: whole },
  );
  if (found === 'new') await settleEditions(deps);
  return found;
}

/** With the fields that the short form leaves out: a phone put back to the release before relies on them. */
const whole = (catalogue: Catalogue): Catalogue => ({
  ...catalogue,
  modules: catalogue.modules.map((module) => ({ ...module, media: module.media ?? [], assigned: module.assigned ?? false, due: module.due ?? null })),
});

/** Fetch what the modules are about, for searching them, unless that is known for the catalogue that is here. */
export async function fetchSummaries(deps: Deps, personId: string): Promise<Refreshed> {
  const catalogue = await state(personId, 'catalogue');
  const known = !catalogue || catalogue.modules.every((module) => module.summary !== undefined) || (await state(personId, 'summarised')) === catalogue.catalogue;
  if (known) return 'same';
  return refresh(deps, personId, 'summaries', 'summaries', ({ summaries }) => typeof summaries === 'object' && summaries !== null, { summarised: catalogue.catalogue });
}
