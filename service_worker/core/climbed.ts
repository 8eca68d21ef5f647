/** A step up or down the ladder: looking back alone needs it, so it comes with that (page/look-back.ts). */

import { STEPS, at, type LookBack } from './ladder.ts';

/** Where a question stands after it was looked back on. Right (100) climbs a step; anything less starts over. */
export function climbed(item: LookBack, outcome: number, now: number): LookBack {
  const step = outcome === 100 ? Math.min(item.step + 1, STEPS.length - 1) : 0;
  return { ...item, step, due: at(now, step) };
}
