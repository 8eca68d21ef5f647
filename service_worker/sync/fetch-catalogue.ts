/** The list of modules on offer to one person, and what it means for the editions on this phone. */

import type { Deps } from './deps.ts';
import { settleEditions } from './editions.ts';
import { refresh, type Refreshed } from './refresh.ts';

/** Fetch the catalogue when it changed; then pin what is assigned and take away what was withdrawn. */
export async function fetchCatalogue(deps: Deps, personId: string): Promise<Refreshed> {
  const found = await refresh(
    deps,
    personId,
    'catalogue',
    'catalogue',
    (catalogue) => Array.isArray(catalogue.modules) && Array.isArray(catalogue.withdrawn) && Array.isArray(catalogue.topics),
  );
  if (found === 'new') await settleEditions(deps);
  return found;
}
