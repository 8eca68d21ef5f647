/** At the start of a module: it was passed at another place, and is asked for here too. */

import type { Tools } from '../place-tools.ts';
import { passedElsewhere } from './words.ts';

/** Draw it into `host`. */
export function elsewhere(host: HTMLElement, { deps, draw, gatherAll, isDone, make, standingOf, whenChanged }: Tools): void {
  const module = host.closest('main')!.dataset['module']!;
  whenChanged(async () => {
    const [at, ...others] = await gatherAll(deps);
    const lines = others.flatMap((one) => {
      const asked = at!.catalogue?.modules.find(({ key }) => key === module)?.assigned ?? false;
      const done = { here: isDone(standingOf(at!, module).status), there: isDone(standingOf(one, module).status) };
      return passedElsewhere(at!.person.provider.name, asked, done.here, one.person.provider.name, done.there, one.snapshot?.modules[module]?.completed_at ?? null) ?? [];
    });
    draw(host, ...lines.map((line) => make('p', { class: 'bv-notice', 'data-elsewhere': true }, line, ' ', make('a', { href: '/record' }, 'My record'))));
  });
}
