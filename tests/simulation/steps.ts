/** What may happen, how often, and the history a seed stands for. */

import { Luck } from './luck.ts';

const OFTEN = {
  quiz: 22, lesson: 8, reflection: 4, send: 22, 'send now': 4, 'send from two tabs': 4, refresh: 8, time: 8, clock: 3, full: 2, 'connection dies': 3, restart: 3,
  'copy phone': 3, 'restore phone': 2, 'clone phone': 1, evicted: 0.5, 'caches lost': 1, 'late requests': 4, 'back up': 3, 'restore server': 2, publish: 2, withdraw: 1,
  archive: 1, 'sign-in ends': 2, 'sign in': 2, join: 2, 'remove person': 1, 'strange record': 1, backlog: 0.5,
} as const;

export type Do = keyof typeof OFTEN;

export interface Step {
  number: number;
  do: Do;
  phone: number;
  person: number;
  /** Seed of all that is left to chance within this step, so that leaving out another does not change it. */
  luck: number;
  /** How likely each request meets a fault. */
  rough: number;
  /** The phone dies at this step of the work; null: it lives. */
  dies: number | null;
}

const total = Object.values(OFTEN).reduce<number>((sum, one) => sum + one, 0);

function draw(luck: Luck): Do {
  let place = luck.next() * total;
  for (const [name, weight] of Object.entries(OFTEN)) if ((place -= weight) < 0) return name as Do;
  return 'send';
}

export function historyOf(seed: number, count: number): Step[] {
  const luck = new Luck(seed);
  return Array.from({ length: count }, (_, number) => ({
    number,
    do: draw(luck),
    phone: luck.below(60),
    person: luck.below(60),
    luck: luck.below(2 ** 32),
    rough: luck.of([0, 0.2, 0.5]),
    dies: luck.chance(0.15) ? luck.below(luck.of([12, 60, 150])) : (luck.next(), null),
  }));
}
