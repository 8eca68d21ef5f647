/** Learn: topics and their modules, with minutes and state; searched on the phone. */

import type { CatalogueModule } from '../core/api.ts';
import { state } from '../store/person.ts';
import type { Deps } from '../sync/deps.ts';
import { fetchRest, restIsHere } from '../sync/fetch-news.ts';
import { changed, whenChanged } from './changes.ts';
import { draw } from './draw.ts';
import { icon, make } from './elements.ts';
import { bytesToGet, gather, onPhone, standingOf, stillToDo, type Facts } from './facts.ts';
import { SMALL, getModule } from './get-module.ts';
import { linkRow, notJoined, onThisPhone, paragraph, sign, statusSign } from './pieces.ts';
import { count, minutes, size } from './say.ts';
import { found } from './search.ts';

/** Draw the list into `host`. */
export function learn(host: HTMLElement, deps: Deps): void {
  const input = make('input', { class: 'bv-field__input', id: 'search', type: 'search', autocomplete: 'off', enterkeyhint: 'search' });
  const said = make('p', { class: 'bv-found', role: 'status' });
  const field = make('div', { class: 'bv-field', role: 'search' }, make('label', { class: 'bv-field__label', for: 'search' }, 'Find a lesson'), input, said);
  const pocket = make('ul', { class: 'bv-list' }, linkRow('In your pocket', '/pocket', ['Short lines to keep']));
  const list = make('div');
  host.append(field, pocket, list);
  field.hidden = true;
  let facts: Facts | null = null;
  let about: { [module: string]: string } = {};
  let asked = false;
  let whole = true;
  const opened = new Set<string>();
  const show = (): void => {
    const words = input.value.trim();
    pocket.hidden = !facts || words !== '';
    if (!facts) return void draw(list, notJoined());
    const modules = facts.catalogue?.modules ?? [];
    field.hidden = !modules.length;
    if (!modules.length) return void draw(list, paragraph('Your lessons come as soon as there is signal.'));
    const hits = words ? found(modules, words, about) : null;
    said.textContent = hits ? (hits.length ? `${count(hits.length, 'lesson')} found.` : 'Nothing found. Try one plain word, such as “fall” or “stairs”.') : '';
    const more = whole ? [] : [paragraph('All other lessons come as soon as there is signal.')];
    draw(list, ...(!hits ? topics(facts, deps, opened) : hits.length ? [rows(hits, facts, deps)] : []), ...more);
  };
  input.addEventListener('input', show);
  list.addEventListener('toggle', (event) => {
    const { target } = event;
    if (!(target instanceof HTMLDetailsElement)) return;
    const key = target.dataset['topic'] ?? '';
    if (target.open) opened.add(key);
    else opened.delete(key);
  }, true);
  whenChanged(async () => {
    facts = await gather(deps);
    if (facts) about = (await state(facts.person.id, 'summaries'))?.summaries ?? {};
    whole = !facts || (await restIsHere(facts.person.id));
    show();
    if (!facts || asked) return;
    asked = true;
    if ((await fetchRest(deps, facts.person.id)) === 'new') changed();
  });
}

function topics(facts: Facts, deps: Deps, opened: ReadonlySet<string>): HTMLElement[] {
  const { topics: all, modules } = facts.catalogue!;
  const todo = new Set(stillToDo(facts).map((module) => module.key));
  return all.flatMap((topic) => {
    const mine = modules.filter((module) => module.topic === topic.key && module.pack === topic.pack);
    if (!mine.length) return [];
    const key = `${topic.pack}/${topic.key}`;
    const left = mine.filter((module) => todo.has(module.key)).length;
    const facts_ = [count(mine.length, 'lesson'), minutes(mine.reduce((sum, module) => sum + module.minutes, 0)), ...(left ? [`${left} to do`] : [])];
    return [
      make(
        'details',
        { class: 'bv-topic', 'data-topic': key, open: opened.has(key) },
        make('summary', { class: 'bv-topic__head', 'data-key': key }, make('span', { class: 'bv-topic__words' }, make('span', { class: 'bv-topic__title' }, topic.standard ? `${topic.standard}. ${topic.title}` : topic.title), ' ', make('span', { class: 'bv-topic__meta' }, facts_.join(' · '))), icon('arrow-down')),
        rows(mine, facts, deps),
      ),
    ];
  });
}

function rows(modules: readonly CatalogueModule[], facts: Facts, deps: Deps): HTMLElement {
  return make('ul', { class: 'bv-list' }, ...modules.map((module) => moduleRow(module, facts, deps)));
}

function moduleRow(module: CatalogueModule, facts: Facts, deps: Deps): HTMLElement {
  const { status, date } = standingOf(facts, module.key);
  const shown = module.assigned || status !== 'not-started' ? [statusSign(status, date)] : [];
  const here = onPhone(facts, module.key);
  if (here) {
    const pictures = here.complete ? [onThisPhone()] : [sign('On this phone, pictures to come', 'phone')];
    return linkRow(module.title, `/learn/${module.key}`, [minutes(module.minutes), ...shown, ...pictures]);
  }
  const bytes = bytesToGet(facts, module);
  // A small one comes when it is opened; a size and a button for each would say the same thing twice.
  const small = bytes <= SMALL;
  const made = linkRow(module.title, `/learn/${module.key}`, [minutes(module.minutes), ...shown, sign(small ? `Not on this phone, ${size(bytes)}` : 'Not on this phone', 'getting')]);
  if (!small) made.append(make('div', { class: 'bv-list__under' }, getModule(deps, facts.person.id, module.key, module.title, bytes)));
  return made;
}
