/**
 * My plan: the tasks delegated to a carer, their own goals, those of their manager, and what was agreed in supervision. A
 * file of its own with all it needs in it. Other pages load it too, where tasks are delegated: it then only keeps itself
 * for when there is no signal.
 */

import type { Delegated, Meeting, Snapshot } from '../../core/api.ts';
import { newId, newRecord, type RecordData } from '../../core/records.ts';
import { NotSaved } from '../../store/open.ts';
import { keep, records, state } from '../../store/person.ts';
import { LEFT, value, type Person } from '../../store/phone.ts';
import { browserDeps } from '../../sync/browser.ts';
import { offset } from '../../sync/clock.ts';
import type { Deps } from '../../sync/deps.ts';
import { changed, whenChanged } from '../changes.ts';
import { draw } from '../draw.ts';
import { announce, button, make } from '../elements.ts';
import { personHere } from '../opened.ts';
import { alert, notJoined, paragraph, sign } from '../pieces.ts';
import { day, when } from '../say.ts';
import { keepFile } from './kept.ts';
import { goalsNow, isOld, isOver, tasksInOrder, type Plan, type TaskStanding } from './rules.ts';

type Data = RecordData['goal.saved'];
const KINDS: { readonly [kind: string]: string } = { supervision: 'Supervision', appraisal: 'Appraisal', 'spot-check': 'Spot check', 'team-meeting': 'Team meeting' };

/** Keep what somebody says of a goal. Returns whether it is on this phone; if not, `trouble` says so. */
async function save(deps: Deps, who: Person, data: Data, trouble: HTMLElement): Promise<boolean> {
  const now = deps.now();
  const stamp = { now, mono: deps.mono(), off: await offset(now).catch(() => null), app: deps.app, lang: deps.lang, random: deps.random };
  try {
    await keep(who.id, [newRecord(stamp, 'goal.saved', null, data)]);
  } catch (error) {
    if (!(error instanceof NotSaved)) console.error(error);
    const box = alert('warning', 'Not saved: do not close', paragraph('This phone could not store it. Take some photos or an app off it, then try again.'));
    box.setAttribute('data-not-saved', '');
    trouble.replaceChildren(box);
    return false;
  }
  trouble.replaceChildren();
  announce('Saved on this phone.');
  changed();
  // The frame of the page sends it, as when signal comes back.
  dispatchEvent(new Event('online'));
  return true;
}

interface Form {
  words: string;
  text: string;
  by: string | null;
  keep(text: string, by: string | null, trouble: HTMLElement): Promise<boolean>;
}

/** A box for the words of a goal, a day, and a button. What was typed stays until it is stored. */
function form(name: string, { words, text, by, keep: store }: Form): HTMLElement {
  const area = make('textarea', { class: 'bv-field__input', id: `${name}-text`, rows: '2', maxlength: '500', autocapitalize: 'sentences', 'aria-describedby': `${name}-rule` });
  area.value = text;
  const date = make('input', { class: 'bv-field__input bv-field__input--short', id: `${name}-by`, type: 'date' });
  date.value = by ?? '';
  const trouble = make('div', { role: 'alert' });
  let busy = false;
  const press = async (): Promise<void> => {
    const typed = area.value.trim();
    if (busy || !typed) return void (typed || area.focus());
    busy = true;
    if (await store(typed, date.value || null, trouble)) area.value = date.value = '';
    busy = false;
  };
  return make(
    'div',
    {},
    trouble,
    make('div', { class: 'bv-field' }, make('label', { class: 'bv-field__label', for: area.id }, words), make('p', { class: 'bv-field__hint', id: `${name}-rule` }, 'Your manager reads this. Write nothing about people you support.'), area),
    make('div', { class: 'bv-field' }, make('label', { class: 'bv-field__label', for: date.id }, 'By (may be left empty)'), date),
    button('Save', () => void press(), { look: 'main', more: { 'data-save-goal': name } }),
  );
}

/** Draw the page into `host`. */
function start(host: HTMLElement, deps: Deps): void {
  const list = make('div', { 'data-goals': true });
  const adding = make('section', { class: 'bv-section' });
  const tasks = make('div', {});
  const talks = make('div', {});
  const trouble = make('div', { role: 'alert' });
  let editing: string | null = null;
  let hasForm: string | null = null;

  const say = (who: Person, goal: Plan, change: Partial<Data>, at: HTMLElement): Promise<boolean> =>
    save(deps, who, { goal: goal.id, text: goal.text, by: goal.by, done: goal.done, ...change }, at);

  const edit = (who: Person, goal: Plan, item: HTMLElement): void => {
    editing = goal.id;
    const over = (): void => {
      editing = null;
      changed();
    };
    const box = form('change', {
      words: 'My goal',
      text: goal.text,
      by: goal.by,
      keep: async (text, by, at) => {
        const done = await say(who, goal, { text, by }, at);
        if (done) over();
        return done;
      },
    });
    const off = async (): Promise<void> => {
      if (await say(who, goal, { text: '' }, trouble)) over();
    };
    item.replaceChildren(make('div', { class: 'bv-list__row' }, make('div', { class: 'bv-list__body' }, box, make('div', { class: 'bv-row' }, button('Leave it as it was', over), button('Take it off my plan', () => void off(), { look: 'quiet' })))));
    box.querySelector('textarea')!.focus();
  };

  const row = (who: Person, goal: Plan): HTMLElement => {
    const hidden = make('span', { class: 'bv-hidden' }, `: ${goal.text}`);
    const tick = button(goal.done ? 'Not done yet' : 'Done', () => void say(who, goal, { done: !goal.done }, trouble), { more: { 'data-key': `done-${goal.id}` } });
    tick.append(hidden);
    const item = make('li', { class: 'bv-list__item' });
    const change = goal.from === 'me' ? button('Change', () => edit(who, goal, item), { look: 'quiet', more: { 'data-key': `change-${goal.id}` } }) : null;
    change?.append(hidden.cloneNode(true));
    const meta = [goal.done ? sign('Done', 'tick', 'done') : sign('Open', 'circle'), ...(goal.by ? [make('span', {}, `By ${day(goal.by)}`)] : []), ...(goal.from === 'manager' ? [make('span', {}, 'From your manager')] : []), ...(goal.waiting ? [sign('Waiting to send', 'clock', 'wait')] : [])];
    item.append(make('div', { class: 'bv-list__row' }, make('div', { class: 'bv-list__body' }, make('span', { class: 'bv-list__title' }, goal.text), make('div', { class: 'bv-list__meta' }, ...meta), goal.comment ? paragraph(`Your manager says: ${goal.comment}`) : null, make('div', { class: 'bv-row' }, tick, change))));
    return item;
  };

  whenChanged(async () => {
    const who = await personHere(deps);
    if (!who) return void draw(host, notJoined());
    const now = deps.now();
    const [snapshot, told = '', asked, own, off] = await Promise.all([state(who.id, 'snapshot'), state(who.id, 'told'), state(who.id, 'asked'), records(who.id), offset(now)]);
    if (hasForm !== who.id) {
      hasForm = who.id;
      const add = form('new', { words: 'A new goal of mine', text: '', by: null, keep: (text, by, at) => save(deps, who, { goal: newId(deps.now(), deps.random), text, by, done: false }, at) });
      adding.replaceChildren(add);
      host.replaceChildren(trouble, tasks, list, adding, talks);
    }
    draw(tasks, ...(snapshot?.delegated?.length ? [mayDo(snapshot, who, now, now + (off ?? 0), asked), make('div', { class: 'bv-section' }, make('h2', { class: 'bv-section__title' }, 'My goals'))] : []));
    const goals = goalsNow(snapshot, own, told);
    // Somebody is writing in the list: it is drawn again once they are through.
    if (!editing) draw(list, goals.length ? make('ul', { class: 'bv-list' }, ...goals.map((goal) => row(who, goal))) : make('div', { class: 'bv-card bv-card--plain' }, paragraph('No goal yet. What would you like to learn, or do better?')));
    const meetings = snapshot?.meetings ?? [];
    draw(talks, meetings.length ? make('section', { class: 'bv-section' }, make('h2', { class: 'bv-section__title' }, 'Talks with your manager'), ...meetings.map(talk)) : null);
  });
}

/** Tasks this person may do, for whom, and until when. `now` is by this phone's clock, `there` by the server's. */
function mayDo({ delegated = [], now: told }: Snapshot, who: Person, now: number, there: number, asked = Date.parse(told)): HTMLElement {
  const first = who.refused === LEFT
    ? alert('warning', `Your place at ${who.provider.name} has ended`, paragraph('Do none of these tasks.'))
    : isOld(asked, now) && alert('important', `This list is from ${when(new Date(asked).toISOString(), now)}`, paragraph('A task may have been withdrawn since. Find signal, or ring the office, before you do one.'));
  return make(
    'section',
    { class: 'bv-section', 'data-tasks': true },
    make('h2', { class: 'bv-section__title' }, 'Tasks you may do'),
    ...(first ? [first] : []),
    paragraph('A clinician handed you these, each for one person only. Follow the care plan, and ask if unsure. You may say no.'),
    ...tasksInOrder(delegated, there).map(task),
  );
}

/** One delegated task. What may not be done any more says so, and nothing of how it is done. */
function task({ task: title, for: alias, limits, until, by, withdrawn, standing }: Delegated & { standing: TaskStanding }): HTMLElement {
  const stop = isOver(standing);
  return make(
    'div',
    { class: 'bv-card', 'data-task': standing },
    make('h3', { class: 'bv-card__title' }, `${title}, for ${alias}`),
    make('p', { class: 'bv-card__meta' }, stop ? sign(standing === 'ended' ? `Ended on ${day(until)}` : 'Withdrawn', 'warning', 'late') : sign(`Until ${day(until)}`, standing === 'soon' ? 'clock' : 'tick', standing === 'soon' ? 'due' : 'done')),
    stop ? make('p', {}, make('b', { class: 'bv-strong' }, 'Do not do it. Ring the office.')) : null,
    ...(stop ? (withdrawn ? [paragraph(`Why: ${withdrawn}`)] : []) : [...limits.split('\n').filter(Boolean).map((line, place) => paragraph(place ? line : `Limits: ${line}`)), make('p', { class: 'bv-soft' }, `Found competent by ${by}`)]),
  );
}

/** When one kind of meeting comes next, and what was said and agreed at the last one. */
const talk = ({ kind, next_on, held_on, notes, actions }: Meeting): HTMLElement =>
  make(
    'div',
    { class: 'bv-card' },
    make('h3', { class: 'bv-card__title' }, KINDS[kind] ?? kind),
    next_on ? paragraph(`Next: ${day(next_on)}`) : null,
    held_on ? make('p', { class: 'bv-soft' }, `Last: ${day(held_on)}`) : null,
    ...(notes ?? '').split('\n').filter(Boolean).map((line) => paragraph(line)),
    actions?.length ? make('ul', {}, ...actions.map(({ text, by, done }) => make('li', {}, `${text}${by ? `, by ${day(by)}` : ''}${done ? '. Done.' : ''}`))) : null,
  );

const host = document.querySelector<HTMLElement>('[data-plan]');
// Of a script that another page imports there is none: then nothing is drawn.
const drawn = host && document.currentScript;
const source = document.body.dataset['tasks'];
{
  const deps = browserDeps('none', document.documentElement.lang || 'en');
  void value('shell')
    .catch(() => undefined)
    .then((shell) => {
      deps.app = shell ?? deps.app;
      if (drawn) start(host, deps);
      if (source) void keepFile(deps, source);
    });
}
