/** What Today offers: one thing, and a little of what comes after. No DOM. */

import type { CatalogueModule } from '../core/api.ts';
import { goesLeftAt, type Draft } from '../core/attempt.ts';
import { isDone } from '../core/status.ts';
import { lookBacksDue, onPhone, standingOf, stillToDo, type Facts } from './facts.ts';

export type Main =
  | { kind: 'carry-on'; draft: Draft; title: string; minutes: number; part: number; parts: number | null; address: string; here: boolean }
  | { kind: 'next'; module: CatalogueModule; here: boolean; first: boolean }
  | { kind: 'tomorrow'; module: CatalogueModule }
  | { kind: 'all-done'; next: string | null }
  | { kind: 'nothing-asked' }
  | { kind: 'not-known' };

export interface Plan {
  main: Main;
  /** At most three, after the main one. */
  comingUp: CatalogueModule[];
  lookBack: number;
}

const MOST = 3;

/** Decide. The last thing put down comes first; then what was asked, the most pressing first. */
export function planFor(facts: Facts, partsOf: (draft: Draft) => number | null = () => null): Plan {
  const todo = stillToDo(facts);
  const running = [...facts.drafts].sort((one, other) => (one.started < other.started ? 1 : -1))[0];
  const main = running ? carryOn(facts, running, partsOf(running)) : nextThing(facts, todo);
  const shown = main.kind === 'carry-on' ? main.draft.module : 'module' in main ? main.module.key : null;
  return {
    main,
    comingUp: todo.filter((module) => module.key !== shown).slice(0, MOST),
    lookBack: lookBacksDue(facts).length,
  };
}

function carryOn(facts: Facts, draft: Draft, parts: number | null): Main {
  const row = facts.editions.find((one) => one.sha === draft.sha);
  const listed = facts.catalogue?.modules.find((module) => module.key === draft.module);
  const whole = row?.minutes ?? listed?.minutes ?? 5;
  return {
    kind: 'carry-on',
    draft,
    title: row?.title ?? listed?.title ?? 'Your lesson',
    minutes: parts ? Math.max(1, Math.ceil((whole * (parts - draft.part + 1)) / parts)) : whole,
    part: draft.part,
    parts,
    address: `/learn/${draft.module}/${draft.edition}/${draft.part}`,
    here: row !== undefined,
  };
}

function nextThing(facts: Facts, todo: readonly CatalogueModule[]): Main {
  if (!facts.catalogue) return { kind: 'not-known' };
  // What is rested until tomorrow gives way to what can be done now; what is here to what would have to be fetched.
  const open = todo.filter((module) => goesLeftAt(facts, module.key) > 0);
  const module = open.find((one) => onPhone(facts, one.key)) ?? open[0];
  if (module) return { kind: 'next', module, here: onPhone(facts, module.key) !== undefined, first: !facts.records.length && !facts.snapshot?.results.length };
  if (todo[0]) return { kind: 'tomorrow', module: todo[0] };
  const asked = facts.catalogue.modules.filter((one) => one.assigned);
  if (!asked.length) return { kind: 'nothing-asked' };
  const dates = asked
    .filter((one) => isDone(standingOf(facts, one.key).status))
    .flatMap((one) => facts.snapshot?.modules[one.key]?.valid_until ?? [])
    .filter((until) => Date.parse(until) > facts.now)
    .sort();
  return { kind: 'all-done', next: dates[0] ?? null };
}

