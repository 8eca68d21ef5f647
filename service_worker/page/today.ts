/** Today: a greeting, one thing to do, and a little of what comes after. */

import { partOf } from '../core/compose.ts';
import type { Edition } from '../core/edition.ts';
import { newRecord } from '../core/records.ts';
import { keep } from '../store/person.ts';
import { LEFT } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { editionBody } from '../sync/editions.ts';
import { changed, whenChanged } from './changes.ts';
import { draw } from './draw.ts';
import { announce, button, buttonLink, make } from './elements.ts';
import { bytesToGet, gather, onPhone, standingOf, titleOf, unsentOf, type Facts } from './facts.ts';
import { SMALL, getModule } from './get-module.ts';
import { stampOf } from './go.ts';
import { alert, linkRow, notJoined, onThisPhone, paragraph, sign, statusSign } from './pieces.ts';
import { count, day, firstName, minutes, month, size, weekday, when } from './say.ts';
import { ERASED, READ_AGAIN, readsNoMore, signInWords } from './sign-in-words.ts';
import { planFor, type Main } from './today-plan.ts';

/** Draw Today into `host`. */
export function today(host: HTMLElement, deps: Deps): void {
  const [dayLine, hello, body] = ['day', 'hello', 'body'].map((name) => host.querySelector<HTMLElement>(`[data-${name}]`)!) as [HTMLElement, HTMLElement, HTMLElement];
  whenChanged(async () => {
    const gathering = gather(deps);
    // While storage answers: names of days take a browser long the first time.
    dayLine.textContent = `Today, ${weekday(deps.now())}`;
    const facts = await gathering;
    hello.textContent = facts ? `Hello, ${firstName(facts.person.name)}.` : 'Hello.';
    if (!facts) return void draw(body, notJoined());
    const bodies = new Map<string, Edition | null>(await Promise.all(facts.drafts.map(async (draft) => [draft.sha, await editionBody(deps, draft.sha).catch(() => null)] as const)));
    const plan = planFor(facts, (draft) => bodies.get(draft.sha)?.parts.length ?? null);
    const { main } = plan;
    const doing = main.kind === 'carry-on' ? bodies.get(main.draft.sha) : null;
    const part = doing && main.kind === 'carry-on' ? partOf(doing, main.part) : null;
    // The words of a question are not repeated here: a statement to judge may be a false one.
    const at = !part ? null : part.kind === 'lesson' ? `You were at: ${part.title}` : 'You were at a question.';
    draw(
      body,
      ...safety(facts),
      ...messages(facts, deps, true),
      signInFirst(facts),
      facts.person.refused === LEFT ? alert('important', facts.person.left ?? `Your place at ${facts.person.provider.name} has ended`, paragraph('What waits here is still sent. A code of your next provider adds it here.')) : null,
      readsNoMore(facts.person) ? make('p', { class: 'bv-section', 'data-read-again': true }, make('a', { href: '/waiting' }, sign(READ_AGAIN, 'lock'))) : null,
      mainCard(main, at, facts, deps),
      plan.lookBack ? lookBackRow(plan.lookBack) : null,
      ...messages(facts, deps, false).slice(0, 1),
      plan.comingUp.length ? comingUp(plan.comingUp.map((module) => module.key), facts) : null,
    );
  });
}

const card = (eyebrow: string, title: string, ...content: (Node | null)[]): HTMLElement =>
  make('section', { class: 'bv-card bv-card--main bv-appear', 'data-main-card': true }, eyebrow ? make('p', { class: 'bv-card__eyebrow' }, eyebrow) : null, make('h2', { class: 'bv-card__title' }, title), ...content);

const meta = (...pieces: (Node | string)[]): HTMLElement => make('p', { class: 'bv-card__meta' }, ...pieces.flatMap((piece) => [typeof piece === 'string' ? make('span', {}, piece) : piece, ' ']));

/** Sending stands still until somebody signs in; learning does not, so this stays beside the one thing to do. */
const signInFirst = ({ person, records }: Facts): HTMLElement | null =>
  person.paused ? alert('important', signInWords(person.paused, unsentOf(records)), paragraph(person.paused === 'erased' ? ERASED : 'What you did is safe on this phone.'), buttonLink(person.paused === 'sign-in' ? 'Sign in' : 'See what to do', '/waiting', { look: 'wide', sign: 'lock', more: { 'data-sign-in': true } })) : null;

/** The one thing. */
function mainCard(main: Main, at: string | null, facts: Facts, deps: Deps): HTMLElement {
  switch (main.kind) {
    case 'carry-on':
      return card(
        'Carry on where you stopped',
        main.title,
        meta(`About ${minutes(main.minutes)} left`, ...(main.parts ? [`Part ${main.part} of ${main.parts}`] : [])),
        at ? make('p', { class: 'bv-soft' }, at) : null,
        buttonLink('Carry on', main.address, { look: 'main', more: { 'data-carry-on': true } }),
      );
    case 'next': {
      const { module } = main;
      const { status, date } = standingOf(facts, module.key);
      const bytes = bytesToGet(facts, module);
      const words = main.first ? `Shall we do one short thing? It takes ${minutes(module.minutes)}.` : (module.summary ?? '');
      const late = status === 'overdue' && date ? make('p', {}, `This ran out on ${day(date)}. It takes ${minutes(module.minutes)}.`) : null;
      return card(
        'Next',
        module.title,
        // The minutes are said once: here, or in the words below.
        meta(...(main.first || late ? [] : [minutes(module.minutes)]), statusSign(status, date), main.here ? onThisPhone() : sign(`Not on this phone, ${size(bytes)}`, 'getting')),
        late ?? make('p', {}, words),
        main.here || bytes <= SMALL
          ? buttonLink(status === 'under-way' ? 'Have another go' : 'Start', `/learn/${module.key}`, { look: 'main' })
          : getModule(deps, facts.person.id, module.key, module.title, bytes, 'main'),
        main.here || bytes <= SMALL ? null : make('p', { class: 'bv-soft bv-small' }, 'Once it is on this phone, it opens with no signal.'),
      );
    }
    case 'tomorrow':
      return card('Enough for today', main.module.title, paragraph('You had three goes at this today. Have another go tomorrow. You can read it again at any time.'), buttonLink('Read it again', `/learn/${main.module.key}`, { look: 'wide' }));
    case 'all-done':
      return card('', 'You are up to date.', paragraph(main.next ? `Next one is in ${month(main.next)}. Go and have your tea.` : 'Go and have your tea.'), buttonLink('Look around in Learn', '/learn', { look: 'wide' }));
    case 'nothing-asked':
      return card('', 'Nothing is asked of you yet.', paragraph('You can choose something yourself.'), buttonLink('Look around in Learn', '/learn', { look: 'main' }));
    case 'not-known':
      return card('First day', 'Your lessons are on their way.', paragraph('They come as soon as there is signal.'));
  }
}

const lookBackRow = (due: number): HTMLElement =>
  make('ul', { class: 'bv-list bv-section', 'data-look-back': true }, linkRow('Quick look back', '/look-back', [count(due, 'question'), 'No marks']));

function comingUp(keys: readonly string[], facts: Facts): HTMLElement {
  const rows = keys.flatMap((key) => facts.catalogue?.modules.find((module) => module.key === key) ?? []).map((module) => {
    const { status, date } = standingOf(facts, module.key);
    return linkRow(module.title, `/learn/${module.key}`, [minutes(module.minutes), statusSign(status, date), ...(onPhone(facts, module.key) ? [] : [sign('Not on this phone', 'getting')])]);
  });
  return make('section', { class: 'bv-section' }, make('h2', { class: 'bv-section__title' }, 'Coming up'), make('ul', { class: 'bv-list' }, ...rows));
}

/** Lessons taken back because following them could hurt somebody stand above everything. */
function safety(facts: Facts): HTMLElement[] {
  const met = new Set([...Object.keys(facts.snapshot?.modules ?? {}), ...facts.editions.map((row) => row.module)]);
  return (facts.catalogue?.withdrawn ?? [])
    .filter((gone) => gone.safety && met.has(gone.key))
    .map((gone) => alert('warning', `Safety: ${titleOf(facts, gone.key) ?? 'a lesson'} was changed`, paragraph(gone.reason)));
}

/**
 * The messages this phone has not answered, the newest first; the server sends none that were, nor old ones. Those about
 * safety are pinned: all of them stand on top until they are read.
 */
function messages({ snapshot, records, now, person }: Facts, deps: Deps, up: boolean): HTMLElement[] {
  const known = records.map(({ data }) => (data as { message?: string }).message);
  return (snapshot?.messages ?? []).filter(({ id, pinned }) => pinned === up && !known.includes(id)).map((found) => {
    const answer = (words: string, kind: 'notice.read' | 'nudge.put-off', look: string): HTMLElement =>
      button(words, () => void stampOf(deps).then((stamp) => keep(person.id, [newRecord(stamp, kind, null, { message: found.id })])).then(changed, () => announce('This phone could not keep that.')), { look, more: { 'data-answer': kind } });
    return make('article', { class: found.pinned ? 'bv-alert bv-alert--warning' : 'bv-card bv-card--note bv-section', 'data-message': true }, make('h2', { class: 'bv-card__eyebrow' }, `From ${found.from}, ${when(found.at, now)}`), paragraph(found.text), answer('I have read it', 'notice.read', 'wide'), found.nudge ? answer('Not this week', 'nudge.put-off', 'quiet') : null);
  });
}
