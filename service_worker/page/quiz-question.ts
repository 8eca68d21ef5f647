/** A question on its own screen: choose, Check, the reason under the answers, then Next or Try again. */

import { choose, write } from '../core/attempt.ts';
import type { Question } from '../core/edition.ts';
import { walk } from '../core/marking.ts';
import type { Answer } from '../core/records.ts';
import { NoAnswer } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import { bottomBar } from './bottom-bar.ts';
import { isReady } from './choosing.ts';
import { button, icon, make } from './elements.ts';
import { feedbackOf } from './feedback.ts';
import { feedbackPanel } from './feedback-panel.ts';
import { Go, partAddress, placeOf } from './go.ts';
import { goNotice, onStop, pageKeptAside } from './in-lesson.ts';
import { troublePlace } from './not-saved.ts';
import { soon } from './patience.ts';
import { alert, paragraph } from './pieces.ts';
import { questionForm, type Form } from './question-form.ts';
import { readAloud } from './read-aloud.ts';

/** Longest wait for an answer to be stored before its feedback is shown (ms). */
const PATIENCE = 3000;

/** Draw the question of this page into `host`. */
export async function quizQuestion(host: HTMLElement, deps: Deps): Promise<void> {
  const main = host.closest('main')!;
  const place = placeOf(main);
  let go: Go;
  try {
    go = await Go.open(deps, place);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    host.replaceChildren(notHere(() => void quizQuestion(host, deps)));
    return;
  }
  const elsewhere = go.elsewhere();
  if (elsewhere) return location.replace(elsewhere);
  const part = go.part;
  if (part?.kind !== 'question') return;
  pageKeptAside();
  showQuestion(host, main, deps, go, part.question, part.lesson);
}

/** What a question needs of the go it belongs to; the desk's preview brings one of its own that keeps nothing. */
export type Going = Pick<Go, 'place' | 'edition' | 'draft' | 'mode' | 'begun' | 'save' | 'give' | 'arrive' | 'copy'>;

/** Draw one question of a go into `host`: as it was left with an unfinished choice, else with the last answer, else fresh. */
export function showQuestion(host: HTMLElement, main: HTMLElement, deps: Pick<Deps, 'timer'>, go: Going, question: Question, lesson: string): void {
  const { id, kind } = question;
  const prompt = main.querySelector('h1')!;
  prompt.id = 'the-question';
  const saved = make('p', { class: 'bv-saved bv-soft bv-small', 'data-saved': true });
  const place = make('div', { class: 'bv-question' });
  const answer = make('div');
  host.replaceChildren(...goNotice(go), place, answer, saved);
  const trouble = troublePlace(answer, go);
  const nextPart = Math.min(go.place.part + 1, go.edition.parts.length);
  // Its place is given up only for the next part: a question can be left for now.
  const leave = (): Promise<boolean> => trouble.guard(go.save((draft) => draft, nextPart));
  const bar = bottomBar(leave);
  onStop(go, trouble);
  readAloud(place, () => spoken(prompt, place), go.edition.lang);
  let form: Form;
  let checking = false;

  const lastTry = (): Answer | undefined => {
    const tries = go.draft.answers[id];
    return tries?.[tries.length - 1];
  };

  /** Store; then, and only then, say that it is saved. */
  const keep = async (work: Promise<void>): Promise<void> => {
    const stored = await trouble.guard(work);
    if (go.mode === 'kept') saved.replaceChildren(...(stored ? [icon('tick'), ' Saved on this phone. Sent when you finish.'] : []));
  };

  /** The form, open for choosing. */
  const ask = (choice: Answer | undefined): void => {
    answer.replaceChildren();
    const opener = place.querySelector('.bv-aloud');
    form = questionForm({
      question,
      seed: go.draft.seed,
      choice,
      text: go.draft.text[id] ?? '',
      labelledBy: prompt.id,
      changed: chosen,
      wrote: (text) => void keep(go.save((draft) => write(draft, id, text))),
    });
    place.replaceChildren(...(opener ? [opener] : []), form.element);
    offer(choice);
  };

  const chosen = (given: Answer): void => {
    if (kind === 'branching' && isReady(question, given)) return void check(given);
    // Words are stored by `wrote`; what was chosen is stored here. Emptied again, there is nothing to check.
    const nothing = kind === 'reflection' ? !(given as { written: boolean }).written : false;
    if (kind !== 'reflection') void keep(go.save((draft) => choose(draft, id, given)));
    offer(nothing ? undefined : given);
  };

  const offer = (choice: Answer | undefined): void => {
    const written = kind === 'reflection' && (go.draft.text[id] ?? '').trim() !== '';
    const given = written ? { written: true } : choice;
    if (kind !== 'branching' && isReady(question, given)) {
      // With nothing moved, the rows are given as they stand.
      bar.press(kind === 'reflection' ? 'Save' : 'Check', () => void check(given ?? [...place.querySelectorAll<HTMLElement>('.bv-order__row')].map((row) => row.dataset['key']!)), 'check');
    } else bar.next('Skip for now', '');
  };

  const check = async (given: Answer): Promise<void> => {
    // A second tap while the first is being stored is no second try.
    if (checking) return;
    checking = true;
    const first = !Object.keys(go.draft.answers).length;
    // The reason under the answers does not wait long for storage; "saved" is said only when it is.
    await soon(deps, keep(go.give(id, given)), PATIENCE, undefined);
    checking = false;
    tell(given, true);
    // Asked after the first saved answer of a go, and never waited for: Firefox asks the person.
    if (first && go.begun) void navigator.storage?.persist?.();
  };

  /** Feedback under the answers. `fresh`: just given, so that eyes and ears are led there once. */
  const tell = (given: Answer, fresh: boolean): void => {
    const said = feedbackOf(question, given);
    form.close(new Map(said.reasons.map((reason) => [reason.key, reason.look])));
    const more: HTMLElement[] = [];
    if (kind === 'reflection') more.push(button('Change my words', () => again(undefined), { look: 'wide' }));
    if (said.again && kind === 'branching') more.push(button('Go back one step', () => again(walk(question, given).path.slice(0, -1)), { look: 'wide', sign: 'back', more: { 'data-step-back': true } }));
    if (said.again && !said.mustYet) more.push(leaveIt());
    const lessonPart = go.edition.parts.findIndex((part) => part.kind === 'lesson' && part.id === lesson) + 1;
    const panel = feedbackPanel(said, lessonPart ? partAddress(go.place, lessonPart) : null, more);
    answer.replaceChildren(panel);
    if (said.again) bar.press(kind === 'branching' ? 'Start again' : 'Try again', () => again(undefined), 'try-again');
    else bar.next();
    if (!fresh) return;
    panel.focus({ preventScroll: true });
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    panel.scrollIntoView({ block: 'nearest', behavior: calm ? 'auto' : 'smooth' });
  };

  const leaveIt = (): HTMLElement => {
    const link = make('a', { href: bar.href, class: 'bv-button bv-button--quiet bv-button--wide' }, 'Go on without');
    link.addEventListener('click', (event) => {
      event.preventDefault();
      void leave().then((stored) => stored && location.assign(link.href));
    });
    return link;
  };

  /** Open the form again. A story may go on from a step of before; other answers begin empty, or as they stood. */
  const again = (from: Answer | undefined): void => {
    const keepRows = kind === 'ordering' || kind === 'matching';
    const choice = from ?? (keepRows ? lastTry() : kind === 'branching' ? [] : undefined);
    if (choice !== undefined) void keep(go.save((draft) => choose(draft, id, choice)));
    ask(choice);
    form.element.querySelector<HTMLElement>('input, textarea, select, [data-scene-start], button:not([aria-disabled="true"])')?.focus({ preventScroll: true });
    prompt.scrollIntoView({ block: 'nearest' });
  };

  void trouble.guard(go.arrive());
  const last = lastTry();
  const choice = go.draft.choosing[id];
  ask(choice ?? last);
  if (choice === undefined && last !== undefined) tell(last, false);
}

/** What a question's own voice reads: its words and its answers, not the buttons around them. */
const SPOKEN = '.bv-question__instruction, .bv-answers__words, .bv-order__words, .bv-match__words, .bv-reflect__prompts li, .bv-reflect__rule, .bv-scene__text, .bv-scene__choice';

const spoken = (prompt: HTMLElement, place: HTMLElement): string =>
  [prompt, ...place.querySelectorAll(SPOKEN)].map((element) => `${element.textContent?.trim() ?? ''}.`).join(' ').replace(/([.!?])\./g, '$1');

const notHere = (again: () => void): HTMLElement =>
  alert('note', 'This question is not on this phone yet', paragraph('No signal just now. What you did is saved on this phone.'), button('Try again', again));
