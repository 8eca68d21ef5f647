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

/** Draw one question of a go into `host`. */
export function showQuestion(host: HTMLElement, main: HTMLElement, deps: Pick<Deps, 'timer'>, go: Going, question: Question, lesson: string): void {
  new QuestionScreen(host, main, deps, go, question, lesson).open();
}

class QuestionScreen {
  private readonly id: string;
  private readonly prompt: HTMLElement;
  private readonly saved = make('p', { class: 'bv-saved bv-soft bv-small', 'data-saved': true });
  private readonly place = make('div', { class: 'bv-question' });
  private readonly answer = make('div');
  private readonly trouble;
  private readonly bar;
  private form: Form | null = null;
  private checking = false;

  constructor(
    host: HTMLElement,
    main: HTMLElement,
    private readonly deps: Pick<Deps, 'timer'>,
    private readonly go: Going,
    private readonly question: Question,
    private readonly lesson: string,
  ) {
    this.id = question.id;
    this.prompt = main.querySelector('h1')!;
    this.prompt.id = 'the-question';
    host.replaceChildren(...goNotice(go), this.place, this.answer, this.saved);
    this.trouble = troublePlace(this.answer, go);
    // Its place is given up only for the next part: a question can be left for now.
    this.bar = bottomBar(() => this.trouble.guard(this.go.save((draft) => draft, this.nextPart())));
    onStop(go, this.trouble);
    readAloud(this.place, () => spoken(this.prompt, this.place), go.edition.lang);
  }

  /** Show it as it was left: an unfinished choice, else the last answer, else fresh. */
  open(): void {
    void this.trouble.guard(this.go.arrive());
    const tries = this.go.draft.answers[this.id];
    const last = tries?.[tries.length - 1];
    const choice = this.go.draft.choosing[this.id];
    if (choice !== undefined || last === undefined) return this.ask(choice);
    this.ask(last);
    this.tell(last, false);
  }

  private nextPart(): number {
    return Math.min(this.go.place.part + 1, this.go.edition.parts.length);
  }

  /** The form, open for choosing. */
  private ask(choice: Answer | undefined): void {
    this.answer.replaceChildren();
    const opener = this.place.querySelector('.bv-aloud');
    this.form = questionForm({
      question: this.question,
      seed: this.go.draft.seed,
      choice,
      text: this.go.draft.text[this.id] ?? '',
      labelledBy: this.prompt.id,
      changed: (given) => this.chosen(given),
      wrote: (text) => void this.keep(this.go.save((draft) => write(draft, this.id, text))),
    });
    this.place.replaceChildren(...(opener ? [opener] : []), this.form.element);
    this.offer(choice);
  }

  private chosen(given: Answer): void {
    if (this.question.kind === 'branching' && isReady(this.question, given)) return void this.check(given);
    // Words are stored by `wrote`; what was chosen is stored here. Emptied again, there is nothing to check.
    const nothing = this.question.kind === 'reflection' ? !(given as { written: boolean }).written : false;
    if (this.question.kind !== 'reflection') void this.keep(this.go.save((draft) => choose(draft, this.id, given)));
    this.offer(nothing ? undefined : given);
  }

  private offer(choice: Answer | undefined): void {
    const written = this.question.kind === 'reflection' && (this.go.draft.text[this.id] ?? '').trim() !== '';
    const given = written ? { written: true } : choice;
    if (this.question.kind !== 'branching' && isReady(this.question, given)) {
      this.bar.press(this.question.kind === 'reflection' ? 'Save' : 'Check', () => void this.check(this.given(given)), 'check');
    } else this.bar.next('Skip for now', '');
  }

  /** What is given when Check is pressed with nothing moved: the rows as they stand. */
  private given(choice: Answer | undefined): Answer {
    return choice ?? [...this.place.querySelectorAll<HTMLElement>('.bv-order__row')].map((row) => row.dataset['key']!);
  }

  private async check(given: Answer): Promise<void> {
    // A second tap while the first is being stored is no second try.
    if (this.checking) return;
    this.checking = true;
    const first = !Object.keys(this.go.draft.answers).length;
    // The reason under the answers does not wait long for storage; "saved" is said only when it is.
    await soon(this.deps, this.keep(this.go.give(this.id, given)), PATIENCE, undefined);
    this.checking = false;
    this.tell(given, true);
    // Asked after the first saved answer of a go, and never waited for: Firefox asks the person.
    if (first && this.go.begun) void navigator.storage?.persist?.();
  }

  /** Store; then, and only then, say that it is saved. */
  private async keep(work: Promise<void>): Promise<void> {
    const stored = await this.trouble.guard(work);
    if (this.go.mode === 'kept') this.saved.replaceChildren(...(stored ? [icon('tick'), ' Saved on this phone. Sent when you finish.'] : []));
  }

  /** Feedback under the answers. `fresh`: just given, so that eyes and ears are led there once. */
  private tell(given: Answer, fresh: boolean): void {
    const said = feedbackOf(this.question, given);
    this.form?.close(new Map(said.reasons.map((reason) => [reason.key, reason.look])));
    const more: HTMLElement[] = [];
    if (this.question.kind === 'reflection') more.push(button('Change my words', () => this.again(undefined), { look: 'wide' }));
    if (said.again && this.question.kind === 'branching') {
      const { path } = walk(this.question, given);
      more.push(button('Go back one step', () => this.again(path.slice(0, -1)), { look: 'wide', sign: 'back', more: { 'data-step-back': true } }));
    }
    if (said.again && !said.mustYet) more.push(this.leaveIt());
    const panel = feedbackPanel(said, this.lessonAddress(), more);
    this.answer.replaceChildren(panel);
    if (said.again) this.bar.press(this.question.kind === 'branching' ? 'Start again' : 'Try again', () => this.again(undefined), 'try-again');
    else this.bar.next();
    if (!fresh) return;
    panel.focus({ preventScroll: true });
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    panel.scrollIntoView({ block: 'nearest', behavior: calm ? 'auto' : 'smooth' });
  }

  private leaveIt(): HTMLElement {
    const link = make('a', { href: this.bar.href, class: 'bv-button bv-button--quiet bv-button--wide' }, 'Go on without');
    link.addEventListener('click', (event) => {
      event.preventDefault();
      void this.trouble.guard(this.go.save((draft) => draft, this.nextPart())).then((stored) => stored && location.assign(link.href));
    });
    return link;
  }

  /** Open the form again. A story may go on from a step of before; other answers begin empty, or as they stood. */
  private again(from: Answer | undefined): void {
    const tries = this.go.draft.answers[this.id];
    const last = tries?.[tries.length - 1];
    const keepRows = this.question.kind === 'ordering' || this.question.kind === 'matching';
    const choice = from ?? (keepRows ? last : this.question.kind === 'branching' ? [] : undefined);
    if (choice !== undefined) void this.keep(this.go.save((draft) => choose(draft, this.id, choice)));
    this.ask(choice);
    const first = this.form?.element.querySelector<HTMLElement>('input, textarea, select, [data-scene-start], button:not([aria-disabled="true"])');
    first?.focus({ preventScroll: true });
    this.prompt.scrollIntoView({ block: 'nearest' });
  }

  private lessonAddress(): string | null {
    const index = this.go.edition.parts.findIndex((part) => part.kind === 'lesson' && part.id === this.lesson);
    return index < 0 ? null : partAddress(this.go.place, index + 1);
  }
}

/** What a question's own voice reads: its words and its answers, not the buttons around them. */
const SPOKEN = '.bv-question__instruction, .bv-answers__words, .bv-order__words, .bv-match__words, .bv-reflect__prompts li, .bv-reflect__rule, .bv-scene__text, .bv-scene__choice';

const spoken = (prompt: HTMLElement, place: HTMLElement): string =>
  [prompt, ...place.querySelectorAll(SPOKEN)].map((element) => `${element.textContent?.trim() ?? ''}.`).join(' ').replace(/([.!?])\./g, '$1');

const notHere = (again: () => void): HTMLElement =>
  alert('note', 'This question is not on this phone yet', paragraph('No signal just now. Nothing is lost. Try again when there is signal.'), button('Try again', again));
