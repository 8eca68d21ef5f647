/** What was seen: Yes, Not yet or Not seen for each criterion, in words, and what comes next. Kept at every tap. */

import type { Criterion } from '../../core/api.ts';
import type { Watching } from '../../core/attempt.ts';
import { newId, newRecord, type Decision } from '../../core/records.ts';
import { day, firstName } from '../say.ts';
import { back, type Desk } from './assess.ts';
import { newShort } from './link.ts';
import { keptNow } from './news.ts';
import { WORDS, aCopy, box, decided, inTurn, named, nextStep, section, standardOf } from './pieces.ts';
import { METHODS, allowed, begin, dataOf, decisionsOf, draftKey, namesSomebody, needsNext, problemsOf, type Problem } from './rules.ts';

const turn = inTurn();

interface Open {
  watching: Watching;
  title: string;
  criteria: readonly Criterion[];
  stored: boolean;
}

/** The observation of this address: taken up again, or begun. */
function opened({ tools, practice, half }: Desk, learnerId: string, number: number): Open | null {
  const standard = standardOf(practice, number);
  const found = half.find((one) => one.module === draftKey(learnerId, number));
  const learner = practice?.people.find((one) => one.id === learnerId) ?? found?.learner;
  if (!standard || !learner) return null;
  const { now, random } = tools.deps;
  return { watching: found ?? begin(newId(now(), random), learner, number, now()), title: `${number}. ${standard.title}`, criteria: standard.criteria, stored: !!found };
}

/** Store it; where that fails the screen says so until it succeeds. */
function saver({ host, tools, who }: Desk, watching: Watching): (change?: Partial<Watching>) => Promise<boolean> {
  const store = (): Promise<void> => turn(async () => void (await tools.saveDraft(who.id, watching)));
  const { guard } = tools.troublePlace(host.firstElementChild!, { save: store, copy: async () => aCopy(tools, who, [watching]) });
  return (change = {}) => {
    Object.assign(watching, change);
    return guard(store());
  };
}

/** The form. `standard` is its number. */
export function see(desk: Desk, learnerId = '', standard = ''): boolean {
  const open = opened(desk, learnerId, Number(standard));
  if (!open) return false;
  const { host, tools } = desk;
  const { make } = tools;
  const { watching, criteria } = open;
  named(open.title, desk.moved);
  const lead = make('p', { class: 'bv-lead' }, watching.learner.name);
  host.replaceChildren(lead);
  const save = saver(desk, watching);
  const fields = new Map<Problem['field'], HTMLElement>();
  const groups = criteria.map((criterion) => ({ criterion, element: decision(desk, criterion, watching, (change) => void save(change).then(settle)) }));
  const field = (name: Problem['field'], label: string, input: HTMLInputElement | HTMLTextAreaElement, hint: string | null, ...more: HTMLElement[]): HTMLElement => {
    input.id = `watch-${name}`;
    if (hint) input.setAttribute('aria-describedby', `${input.id}-hint`);
    const element = make('div', { class: 'bv-field' }, make('label', { class: 'bv-field__label', for: input.id }, label), hint ? make('p', { class: 'bv-field__hint', id: `${input.id}-hint` }, hint) : null, input, ...more);
    fields.set(name, element);
    return element;
  };
  const dated = (name: 'seen_on' | 'next_on'): HTMLInputElement => {
    const input = make('input', { class: 'bv-field__input bv-field__input--short', type: 'date', value: watching[name] });
    input.addEventListener('change', () => void save({ [name]: input.value }));
    return input;
  };
  const hint = (): HTMLElement => make('p', { class: 'bv-strong', role: 'status' });
  const watched = (said: HTMLElement, text: string): void => {
    const words = namesSomebody(text) ? 'That looks like a name or an address. Take it out?' : '';
    if (said.textContent !== words) said.textContent = words;
  };
  const sawHint = hint();
  const stepHint = hint();
  const saw = box(tools, '', watching.saw, (text) => {
    watched(sawHint, text);
    void save({ saw: text });
  });
  watched(sawHint, watching.saw);
  const step = box(tools, '', watching.next_step, (text) => {
    watched(stepHint, text);
    void save({ next_step: text });
  });
  watched(stepHint, watching.next_step);
  const next = section(tools, 'next', 'What comes next', field('next_step', 'Next step', step, `What ${firstName(watching.learner.name)} does next, and who helps.`, stepHint), field('next_on', 'Look again on', dated('next_on'), null));
  /** What shows depends on what was chosen. */
  const settle = (): void => {
    const may = allowed(criteria, watching.method);
    for (const { criterion, element } of groups) element.hidden = !may.includes(criterion);
    next.hidden = !needsNext(watching, criteria);
  };
  const methods = METHODS.filter(([key]) => allowed(criteria, key).length).map(([key, words, more]) => {
    const input = make('input', { class: 'bv-tick__input', type: 'radio', name: 'method', id: `method-${key}`, checked: watching.method === key });
    input.addEventListener('change', () => void save({ method: key }).then(settle));
    return make('label', { class: 'bv-tick', for: input.id }, input, make('span', {}, words, ' ', make('span', { class: 'bv-tick__hint' }, more)));
  });
  const decisions = make('div', { class: 'bv-section', id: 'watch-decisions', tabindex: '-1' }, make('h2', { class: 'bv-section__title' }, 'What did you see?'), ...groups.map(({ element }) => element));
  fields.set('decisions', decisions);
  const summary = make('div', {});
  const goOn = (): void => {
    const problems = problemsOf(watching, criteria, tools.deps.now());
    if (problems.length) return complain(desk, summary, fields, problems);
    void save().then((stored) => stored && location.assign(`#check.${learnerId}.${standard}`));
  };
  host.append(
    summary,
    make('fieldset', { class: 'bv-field' }, make('legend', { class: 'bv-field__label' }, 'How did you see it?'), ...methods),
    field('seen_on', 'The day', dated('seen_on'), null),
    decisions,
    field('saw', 'What I saw', saw, 'Do not write names or addresses of people you support.', sawHint),
    next,
    tools.button('Check it', goOn, { look: 'main', more: { 'data-check': true } }),
    make('p', { class: 'bv-saved' }, 'Kept on this phone as you go. You can stop at any time.'),
    ...(open.stored ? [throwAway(desk, watching)] : []),
    back(tools, `#standard.${learnerId}`),
  );
  settle();
  if (!criteria.length) host.append(make('p', {}, 'There is nothing to be seen at work for this standard.'));
  return true;
}

/** Three big buttons, and words of its own once there is something to say. */
function decision({ tools }: Desk, { code, text }: Criterion, watching: Watching, save: (change: Partial<Watching>) => void): HTMLElement {
  const { make } = tools;
  const own = make('details', { class: 'bv-more', open: !!watching.sawOf[code] }, make('summary', { class: 'bv-more__title' }, 'Words for this one alone'));
  const label = make('label', { class: 'bv-hidden', for: `saw-${code}` }, `What I saw, ${code}`);
  own.append(make('div', { class: 'bv-more__body' }, label, box(tools, `saw-${code}`, watching.sawOf[code] ?? '', (words) => save({ sawOf: { ...watching.sawOf, [code]: words } }))));
  const settle = (): void => void (own.hidden = !watching.decisions[code] || watching.decisions[code] === 'not-seen');
  const rows = (Object.keys(WORDS) as Decision[]).map((key) => {
    const input = make('input', { class: 'bv-answers__input', type: 'radio', name: `decision-${code}`, value: key, checked: watching.decisions[code] === key });
    input.addEventListener('change', () => {
      save({ decisions: { ...watching.decisions, [code]: key } });
      settle();
    });
    return make('label', { class: 'bv-answers__row' }, input, make('span', { class: 'bv-answers__words' }, WORDS[key][0]));
  });
  settle();
  return make('fieldset', { class: 'bv-watch', 'data-code': code }, make('legend', { class: 'bv-watch__text' }, make('span', { class: 'bv-soft' }, code), ` ${text}`), make('div', { class: 'bv-watch__three' }, ...rows), own);
}

/** What is missing, at the top and beside each field; the focus goes to the list. */
function complain({ tools }: Desk, summary: HTMLElement, fields: ReadonlyMap<Problem['field'], HTMLElement>, problems: readonly Problem[]): void {
  const { make } = tools;
  for (const element of fields.values()) {
    element.querySelector('.bv-field__error')?.remove();
    element.classList.remove('bv-field--wrong');
    element.querySelector('[aria-invalid]')?.removeAttribute('aria-invalid');
  }
  for (const { field, words } of problems) {
    const element = fields.get(field)!;
    const input = element.querySelector<HTMLElement>(`#watch-${field}`);
    if (input) element.classList.add('bv-field--wrong');
    input?.setAttribute('aria-invalid', 'true');
    (input?.previousElementSibling ?? element.querySelector('h2, label'))?.after(make('p', { class: 'bv-field__error' }, words));
  }
  const links = problems.map(({ field, words }) => {
    const link = make('a', { href: `#watch-${field}` }, words);
    link.addEventListener('click', (event) => {
      // The address says which screen this is.
      event.preventDefault();
      document.getElementById(`watch-${field}`)?.focus();
    });
    return make('li', {}, link);
  });
  const box = make('div', { class: 'bv-summary', role: 'alert', tabindex: '-1', 'data-problems': true }, make('h2', { class: 'bv-summary__title' }, 'Not quite finished'), make('ul', { class: 'bv-summary__list' }, ...links));
  summary.replaceChildren(box);
  box.focus();
}

/** Throwing away can be taken back until the screen is left. */
function throwAway({ tools, who }: Desk, watching: Watching): HTMLElement {
  const place = tools.make('p', { class: 'bv-section' });
  const offer = (): void => place.replaceChildren(tools.button('Throw this away', () => void turn(() => tools.keep(who.id, [], { finishes: watching })).then(thrown, console.error), { look: 'quiet', sign: 'remove', more: { 'data-throw-away': true } }));
  const thrown = (): void => {
    const undo = tools.button('Put it back', () => void turn(() => tools.saveDraft(who.id, watching)).then(offer, console.error), { more: { 'data-put-back': true } });
    place.replaceChildren(tools.make('span', {}, 'Thrown away. '), undo);
    tools.announce('Thrown away.');
    undo.focus();
  };
  offer();
  return place;
}

/** Read it once more, then keep it. */
export function check(desk: Desk, learnerId = '', standard = ''): boolean {
  const open = opened(desk, learnerId, Number(standard));
  const { host, tools, who, practice } = desk;
  const { make } = tools;
  if (!open?.stored || problemsOf(open.watching, open.criteria, tools.deps.now()).length) return false;
  const { watching, criteria } = open;
  const texts = new Map(criteria.map((one) => [one.code, one.text]));
  const lines = decisionsOf(watching, criteria);
  const { next_step, next_on } = dataOf(watching, '', criteria, '');
  named('Is this what you saw?', desk.moved);
  host.replaceChildren(make('p', { class: 'bv-lead' }, watching.learner.name));
  let busy = false;
  const keepThis = async (): Promise<void> => {
    const data = dataOf(watching, practice!.framework!.key, criteria, newShort(tools.deps.random));
    // The same id however often it is tried: it is kept once.
    const record = { ...newRecord(await tools.stampOf(tools.deps), 'observation.made', null, data), id: watching.attempt };
    await turn(() => tools.keep(who.id, [record], { finishes: watching }));
    location.replace(`#show.${watching.attempt}`);
    tools.announce('Saved on this phone.');
    keptNow(tools);
  };
  const { guard } = tools.troublePlace(host.firstElementChild!, { save: keepThis, copy: async () => aCopy(tools, who, [watching]) });
  const press = (): void => {
    if (busy) return;
    busy = true;
    void guard(keepThis()).then((stored) => (busy = stored));
  };
  host.append(
    make('p', {}, `${open.title}, ${day(watching.seen_on)}. ${METHODS.find(([key]) => key === watching.method)![1]}.`),
    decided(tools, lines.map((line) => ({ ...line, text: texts.get(line.code) ?? null }))),
    ...[nextStep(tools, next_step, next_on)].filter((one) => one !== null),
    tools.button('Keep it', press, { look: 'main', more: { 'data-keep': true } }),
    back(tools, `#see.${learnerId}.${standard}`, 'Change something'),
  );
  return true;
}
