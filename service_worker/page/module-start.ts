/** The start of a module: whether it is on this phone, where one stands with it, and Start or Carry on. */

import type { CatalogueModule } from '../core/api.ts';
import { finishedAt, goesLeftAt, goesOf } from '../core/attempt.ts';
import { value } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { fetchRest } from '../sync/fetch-news.ts';
import { changed, whenChanged } from './changes.ts';
import { draw } from './draw.ts';
import { make } from './elements.ts';
import { bytesToGet, gather, onPhone, standingOf, type Facts } from './facts.ts';
import { SMALL, bring, getModule } from './get-module.ts';
import { editionOf, placeOf, type Place } from './go.ts';
import { localPage } from './local-page.ts';
import { alert, onThisPhone, paragraph, sign, statusSign } from './pieces.ts';
import { offerFor } from './start-plan.ts';
import { size } from './say.ts';

/** Draw it into `host`; the words about the module are there already. */
export function moduleStart(host: HTMLElement, deps: Deps): void {
  const place = placeOf(host.closest('main')!);
  localPage(host.nextElementSibling!, deps, true);
  const start = document.querySelector<HTMLAnchorElement>('[data-next]');
  let coming: 'not-yet' | 'now' | 'over' = 'not-yet';
  let asked = false;
  whenChanged(async () => {
    const facts = await gather(deps);
    if (!facts) return void draw(host, make('p', { class: 'bv-notice' }, make('a', { href: '/join' }, 'Join with a code'), ' to keep your answers.'));
    // Opened from a link before the list of all other lessons came: without it nothing can be got.
    if (!asked && facts.catalogue && !listedIn(facts, place.module)) {
      asked = true;
      void fetchRest(deps, facts.person.id).then((told) => told === 'new' && changed());
    }
    const { status, date } = standingOf(facts, place.module);
    const offer = offerFor({ ...(await parts(facts, deps, place)), status, goesLeft: goesLeftAt(facts, place.module), finished: finishedAt(facts, place.module).length > 0, edition: place.edition, lastEdition: lastEdition(facts, place.module) });
    if (start) {
      start.textContent = offer.words;
      start.href = `/learn/${place.module}/${offer.edition}/${offer.part}`;
    }
    if (coming === 'not-yet' && small(facts, place.module)) {
      coming = 'now';
      void comeNow(facts, place.module, deps).finally(() => {
        coming = 'over';
        changed();
      });
    }
    draw(
      host,
      make('p', { class: 'bv-row' }, statusSign(status, date), ' ', ...here(facts, place.module, coming === 'now')),
      ...offer.lines.map((line) => paragraph(line)),
      ...(coming === 'now' ? [] : get(facts, place.module, deps)),
      ...(offer.check ? [make('p', {}, 'Already sure? ', make('a', { href: `/learn/${place.module}/${place.edition}/${offer.check}`, 'data-check': true }, 'Take the check'))] : []),
      ...taken(facts, place),
    );
  });
}

async function parts(facts: Facts, deps: Deps, place: Place): Promise<{ running: { part: number; parts: number; edition: number } | null; firstQuestion: number | null }> {
  const draft = facts.drafts.find((one) => one.module === place.module);
  const edition = await editionOf(deps, draft?.sha ?? place.sha).catch(() => null);
  const question = edition ? edition.parts.findIndex((part) => part.kind === 'question') + 1 : 0;
  return { running: draft ? { part: draft.part, parts: edition?.parts.length ?? place.parts, edition: draft.edition } : null, firstQuestion: question || null };
}

function lastEdition(facts: Facts, module: string): number | null {
  const numbers = [...goesOf(facts.records, module).map((record) => record.data.edition_no), ...(facts.snapshot?.results ?? []).filter((result) => result.module === module).map((result) => result.edition)];
  return numbers.length ? Math.max(...numbers) : null;
}

const listedIn = (facts: Facts, module: string): CatalogueModule | undefined => facts.catalogue?.modules.find((one) => one.key === module);

/** Something of it is still to come, and it is little. */
function small(facts: Facts, module: string): boolean {
  const listed = listedIn(facts, module);
  return listed !== undefined && !onPhone(facts, module)?.complete && bytesToGet(facts, listed) <= SMALL;
}

/** Get it, its pictures too unless somebody asked to spare mobile data. */
async function comeNow(facts: Facts, module: string, deps: Deps): Promise<void> {
  const spare = deps.connection()?.saveData || (await value('settings').catch(() => undefined))?.wifiOnly;
  await bring(deps, facts.person.id, module, !spare).catch(() => false);
}

function here(facts: Facts, module: string, coming: boolean): HTMLElement[] {
  const row = onPhone(facts, module);
  if (coming && !row?.complete) return [sign('Coming onto this phone…', 'getting', 'wait')];
  if (!row) return [];
  return [row.complete ? onThisPhone() : sign('On this phone, pictures to come', 'phone')];
}

/** Not here, or without its pictures: its size, and Get. */
function get(facts: Facts, module: string, deps: Deps): HTMLElement[] {
  const listed = listedIn(facts, module);
  if (!listed || onPhone(facts, module)?.complete) return [];
  const bytes = bytesToGet(facts, listed);
  const words = onPhone(facts, module) ? `Its pictures are ${size(bytes)}.` : `It is not on this phone yet: ${size(bytes)}. Once it is on this phone, it opens with no signal.`;
  return [paragraph(words), getModule(deps, facts.person.id, module, listed.title, bytes, 'wide')];
}

function taken(facts: Facts, place: Place): HTMLElement[] {
  const gone = facts.catalogue?.withdrawn.find((one) => one.sha === place.sha);
  return gone ? [alert('warning', 'This lesson was taken back', paragraph(gone.reason))] : [];
}

