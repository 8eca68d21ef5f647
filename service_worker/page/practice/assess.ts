/** Watch somebody work: who, which standard, what was seen, and showing it to them. Each screen is a place of its own, so Back works. */

import type { Practice } from '../../core/api.ts';
import type { Answering, Draft, Watching } from '../../core/attempt.ts';
import type { Person } from '../../store/phone.ts';
import type { Tools } from './tools.ts';
import { day, firstName } from '../say.ts';
import { listOf, named, section, titleOf, words } from './pieces.ts';
import { seenBy, shownTo, standingOf, type Seen } from './rules.ts';
import { check, see } from './see.ts';
import { show, takeBack } from './show.ts';

/** What the screens are drawn from. */
export interface Desk {
  host: HTMLElement;
  tools: Tools;
  who: Person;
  practice: Practice | undefined;
  seen: Seen[];
  half: Watching[];
  /** The server has said that nobody watches practice here. */
  none: boolean;
  /** The screen was changed: the focus goes to its heading. */
  moved: boolean;
}

const HOME = 'Watch somebody work';
/** Where something may be half typed: nothing that happens elsewhere draws these again. */
const FORMS = ['see', 'check', 'back'];

const isWatching = (one: Draft | Watching | Answering): one is Watching => 'learner' in one;

/** The screen asked for by the address, such as `#see.<learner>.<standard>`. */
const asked = (): string[] => location.hash.slice(1).split('.');

/** Draw into `host`. */
export function assess(host: HTMLElement, tools: Tools): void {
  let turn = 0;
  let drawn: string | null = null;
  const again = async (): Promise<void> => {
    const [screen = '', ...rest] = asked();
    const moved = drawn !== null && drawn !== location.hash;
    if (drawn === location.hash && FORMS.includes(screen)) return;
    const mine = (turn += 1);
    const who = await tools.currentPerson(tools.deps);
    if (!who) return void tools.draw(host, tools.notJoined());
    const [practice, own, half, snapshot] = await Promise.all([tools.state(who.id, 'practice'), tools.records(who.id), tools.unfinished(who.id), tools.state(who.id, 'snapshot')]);
    // The address changed meanwhile: the later turn draws.
    if (mine !== turn) return;
    drawn = location.hash;
    const desk: Desk = { host, tools, who, practice, seen: seenBy(practice, own, tools.deps.now()), half: half.filter(isWatching), none: snapshot !== undefined && !snapshot.practice, moved };
    const screens: { [name: string]: (desk: Desk, ...rest: string[]) => boolean } = { who: whom, standard, see, check, show, back: takeBack };
    if (!(screens[screen] ?? home)(desk, ...rest)) home(desk);
  };
  addEventListener('hashchange', () => void again().catch(console.error));
  tools.whenChanged(again);
}

const mainLink = ({ make }: Tools, words: string, href: string): HTMLElement => make('a', { class: 'bv-button bv-button--main', href }, words);

function home({ host, tools, who, practice, seen, half, none, moved }: Desk): boolean {
  const { linkRow, sign } = tools;
  named(HOME, moved);
  tools.draw(
    host,
    ...(!practice && !none
      ? [words(tools, 'Your list is not here yet. It comes with the next signal.')]
      : practice?.scope.length
        ? [words(tools, 'You see somebody do it at work, and say what you saw. They say on their own phone whether it is right.'), mainLink(tools, half.length ? 'Watch somebody else' : 'Begin', '#who')]
        : [plain(tools, `You have not been asked to watch others work. ${who.contact ?? 'Your manager'} can ask you to.`)]),
    half.length ? section(tools, 'half', 'Carry on', listOf(tools, ...half.map((one) => linkRow(one.learner.name, `#see.${one.learner.id}.${one.standard}`, [titleOf(practice, one.standard), sign('Not finished', 'circle-half', 'wait')])))) : null,
    seen.length ? section(tools, 'seen', 'My observations', listOf(tools, ...seen.map((one) => linkRow(one.learner.name, `#show.${one.id}`, [titleOf(practice, one.standard), day(one.seen_on), sign(...standingOf(one, firstName(one.learner.name)))])))) : null,
  );
  return true;
}

const plain = ({ make }: Tools, text: string): HTMLElement => make('div', { class: 'bv-card bv-card--plain' }, make('p', {}, text));

/** More names than this are looked through by typing. */
const MANY = 12;

function whom({ host, tools, who, practice, moved }: Desk): boolean {
  if (!practice?.scope.length) return false;
  const { make, linkRow } = tools;
  named('Who are you watching?', moved);
  const rows = practice.people.map(({ id, name }) => ({ name: name.toLowerCase(), row: linkRow(name, `#standard.${id}`) }));
  const field = make('input', { class: 'bv-field__input', id: 'find', type: 'search', autocomplete: 'off' });
  field.addEventListener('input', () => {
    const typed = field.value.trim().toLowerCase();
    for (const { name, row } of rows) row.hidden = !name.includes(typed);
  });
  if (!rows.length) return tools.draw(host, plain(tools, `There is nobody else here yet. ${who.contact ?? 'Your manager'} can add people.`), back(tools, '#')), true;
  host.replaceChildren(...(rows.length > MANY ? [make('div', { class: 'bv-field' }, make('label', { class: 'bv-field__label', for: 'find' }, 'Find a name'), field)] : []), listOf(tools, ...rows.map(({ row }) => row)), back(tools, '#'));
  return true;
}

export const back = ({ make }: Tools, href: string, words = 'Back'): HTMLElement => make('p', { class: 'bv-section' }, make('a', { class: 'bv-button bv-button--wide', href }, words));

function standard({ host, tools, practice, seen, half, moved }: Desk, id = ''): boolean {
  const learner = practice?.people.find((one) => one.id === id);
  if (!learner || !practice?.framework) return false;
  const { make, linkRow, sign } = tools;
  named('Which standard?', moved);
  const rows = practice.framework.standards
    .filter(({ number, criteria }) => practice.scope.includes(number) && criteria.length)
    .map((one) => {
      const shown = shownTo(seen, id, one.criteria);
      const begun = half.some((each) => each.learner.id === id && each.standard === one.number);
      return linkRow(`${one.number}. ${one.title}`, `#see.${id}.${one.number}`, [`${shown} of ${one.criteria.length} shown to you`, ...(begun ? [sign('Not finished', 'circle-half', 'wait')] : [])]);
    });
  tools.draw(host, make('p', { class: 'bv-lead' }, learner.name), rows.length ? listOf(tools, ...rows) : words(tools, 'The standards you may watch have nothing to be seen at work.'), back(tools, '#who'));
  return true;
}
