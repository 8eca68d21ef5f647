/** The desk: a plain form that saves and checks gets line marks, checks while one writes, saves by itself, and a preview. */

import { make } from '../page/elements.ts';
import { row } from '../page/pieces.ts';
import { size, when } from '../page/say.ts';
import { phoneNow } from '../sync/clock.ts';
import { addMedia, check, save, type Addresses } from './api.ts';
import { showBoth } from './both.ts';
import { preview } from './frame.ts';
import { gutter } from './gutter.ts';
import { inserted } from './insert.ts';
import { keep, kept } from './kept.ts';
import { lineAt } from './lines.ts';
import { hereWords, showChecked } from './problems.ts';
import { Saver, type Copy, type State } from './saver.ts';
import { marksOf, partOfLine, type Checked } from './words.ts';

/** After the last keystroke the text is checked (ms). */
const CHECK_PAUSE = 400;

const timer = (ms: number, ring: () => void): (() => void) => {
  const id = setTimeout(ring, ms);
  return () => clearTimeout(id);
};

const NOT_SAVED = {
  'no-signal': 'Not saved: no signal.',
  trouble: 'Not saved: something went wrong at our end.',
  'signed-out': 'Not saved: you are signed out. Sign in again in another tab, then load this page again.',
} as const;

function stateWords(state: State, now: number): string {
  const time = (at: number): string => when(new Date(at).toISOString(), now);
  switch (state.kind) {
    case 'saved':
      return `Saved ${time(state.at)}`;
    case 'saving':
      return 'Saving…';
    case 'changed':
      return 'Not saved yet';
    case 'moved':
      return `Somebody else saved at ${time(Date.parse(state.moved.at))}:`;
    case 'refused':
      return `Not saved: ${state.message}`;
    case 'not-saved':
      return `${NOT_SAVED[state.why]} ${state.kept ? 'Your words are kept in this browser.' : state.why === 'signed-out' ? 'Copy your text to a safe place first.' : 'Do not close this page.'}`;
  }
}

class Desk {
  private readonly area: HTMLTextAreaElement;
  private readonly form: HTMLFormElement;
  private readonly addresses: Addresses;
  private readonly gutter;
  private readonly saver: Saver;
  private readonly both: HTMLElement;
  private preview: ReturnType<typeof preview> | null = null;
  private checked: Checked | null = null;
  private checking: AbortController | null = null;
  private callOffCheck: () => void = () => undefined;
  /** The place in the text, which a press on another control must not lose. */
  private caret = 0;

  constructor(private readonly desk: HTMLElement) {
    this.area = desk.querySelector<HTMLTextAreaElement>('textarea[name=text]')!;
    this.form = this.area.form!;
    this.both = desk.querySelector<HTMLElement>('[data-both]')!;
    const { check: toCheck = '', save: toSave = '', media = '', draft = '', revision = '1' } = desk.dataset;
    this.addresses = { check: toCheck, save: toSave, media, token: this.form.querySelector<HTMLInputElement>('[name=csrf_token]')!.value };
    this.gutter = gutter(desk.querySelector<HTMLElement>('[data-write]')!, this.area);
    // What the server has, whatever the browser put back into the box on a reload.
    const text = desk.querySelector<HTMLTextAreaElement>('[data-theirs]')?.defaultValue ?? this.area.defaultValue;
    this.saver = new Saver(
      {
        text: () => this.area.value,
        send: (words, basedOn) => save(this.addresses, words, basedOn),
        keep: (copy) => keep(draft, copy),
        now: phoneNow,
        timer,
        say: (state) => this.say(state),
      },
      text,
      Number(revision),
    );
    this.area.addEventListener('input', () => this.typed());
    this.area.addEventListener('selectionchange', () => this.moved());
    document.addEventListener('selectionchange', () => document.activeElement === this.area && this.moved());
    this.form.addEventListener('submit', (event) => this.submitted(event));
    addEventListener('online', () => void this.saver.save());
    addEventListener('pagehide', () => this.saver.keep());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && void this.saver.save());
    addEventListener('beforeunload', (event) => {
      this.saver.leave();
      if (!this.saver.clean && !this.saver.keep()) event.preventDefault();
    });
    this.tabs();
    this.templates();
    this.media();
    this.frame();
    void this.check();
    this.recall(draft, text, Number(revision));
  }

  private typed(): void {
    this.gutter.update();
    this.saver.changed();
    this.callOffCheck();
    this.callOffCheck = timer(CHECK_PAUSE, () => void this.check());
  }

  private put(text: string, select?: [number, number]): void {
    // The browser's own undo knows this change, where the browser can still do it so.
    this.area.focus({ preventScroll: true });
    this.area.select();
    if (!document.execCommand('insertText', false, text)) this.area.value = text;
    if (select) this.area.setSelectionRange(...select);
    this.typed();
  }

  private moved(): void {
    this.caret = this.area.selectionStart;
    const here = this.desk.querySelector('[data-here]');
    const words = hereWords(this.checked?.problems ?? [], lineAt(this.area.value, this.caret));
    if (here && here.textContent !== words) here.textContent = words;
  }

  private async check(): Promise<void> {
    this.checking?.abort();
    const mine = (this.checking = new AbortController());
    const checked = await check(this.addresses, this.area.value, mine.signal);
    if (!checked || mine.signal.aborted) return;
    this.checked = checked;
    showChecked(this.desk, checked, (line) => {
      this.tab('write');
      this.gutter.goTo(line);
    });
    this.gutter.mark(marksOf(checked.problems));
    this.preview?.parts(checked.parts);
    this.moved();
  }

  private say(state: State): void {
    const line = this.desk.querySelector<HTMLElement>('[data-state]');
    // "Saving…" for the blink it takes would only be read out for nothing.
    if (line && state.kind !== 'saving') line.replaceChildren(stateWords(state, phoneNow()), ...(state.kind === 'moved' ? [' ', make('a', { class: 'bv-alone', href: '#both' }, 'see both')] : []));
    line?.classList.toggle('bv-desk__state--wrong', !['saved', 'saving', 'changed'].includes(state.kind));
    if (state.kind === 'saved') {
      // A form sent without this script's help is based on it too.
      this.form.querySelector<HTMLInputElement>('[name=based_on]')!.value = String(state.revision);
      this.preview?.show(lineAt(this.area.value, this.caret));
    }
    if (state.kind === 'moved') {
      const { by, at, text } = state.moved;
      this.seeBoth(this.saver.base, text, by, `at ${when(at, phoneNow())}`, () => this.saver.settle());
    }
  }

  private seeBoth(base: string, theirs: string, who: string, at: string, decided: () => void): void {
    showBoth(this.both, { base, mine: this.area.value, theirs, who, when: at }, (text) => {
      this.put(text);
      decided();
    });
  }

  /** Words of an earlier sitting that never reached the server. */
  private recall(draft: string, text: string, revision: number): void {
    const copy: Copy | null = kept(draft);
    if (!copy || copy.text === text) return void keep(draft, null);
    if (copy.revision !== revision) {
      this.area.value = copy.text;
      this.gutter.update();
      return this.seeBoth(copy.base, text, 'Somebody', 'since you were here', () => this.saver.changed());
    }
    this.put(copy.text);
    const line = this.desk.querySelector<HTMLElement>('[data-state]');
    if (line) line.textContent = `Your words of ${when(new Date(copy.at).toISOString(), phoneNow())} were kept in this browser. They are back.`;
  }

  private submitted(event: SubmitEvent): void {
    const button = event.submitter as HTMLButtonElement | null;
    if (button?.hasAttribute('formaction')) return;
    event.preventDefault();
    void this.saver.save();
    void this.check();
  }

  private templates(): void {
    for (const piece of this.desk.querySelectorAll<HTMLElement>('[data-template]')) {
      const press = make('button', { type: 'button', class: 'bv-button' }, piece.dataset['template']!);
      press.addEventListener('click', () => this.insert(piece.textContent ?? ''));
      piece.closest('[data-template-item]')!.replaceChildren(press);
    }
  }

  private media(): void {
    const button = this.form.querySelector<HTMLButtonElement>('[data-add-media]');
    const says = this.desk.querySelector<HTMLElement>('[data-media-says]');
    if (!button || !says) return;
    let busy = false;
    button.addEventListener('click', (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      says.textContent = 'Sending it…';
      void addMedia(this.addresses, new FormData(this.form)).then((added) => {
        busy = false;
        says.textContent = added.kind === 'added' ? added.says : added.message;
        if (added.kind === 'refused') return;
        for (const field of this.form.querySelectorAll<HTMLInputElement>('[name=file], [name=alt]')) field.value = '';
        this.listed(added.name, added.bytes);
        this.insert(added.markdown);
      });
    });
  }

  /** A picture that was just added, below those that were there. */
  private listed(name: string, bytes: number): void {
    const list = this.desk.querySelector<HTMLElement>('[data-media-list]');
    const out = make('button', { class: 'bv-button', type: 'submit', formaction: `${this.addresses.media}/remove`, name: 'name', value: name }, 'Take out', make('span', { class: 'bv-hidden' }, ` ${name}`));
    list?.querySelector('ul')?.append(row(name, [size(bytes)], out));
    if (list) list.hidden = false;
  }

  private insert(piece: string): void {
    const { text, select } = inserted(this.area.value, this.caret, piece);
    this.put(text, select);
    this.gutter.goTo(lineAt(text, select[0]));
    this.area.setSelectionRange(...select);
  }

  private frame(): void {
    const place = this.desk.querySelector<HTMLElement>('[data-preview-frame]');
    if (place) this.preview = preview(place, (line) => partOfLine(this.checked?.parts ?? [], line));
  }

  private tabs(): void {
    for (const press of this.desk.querySelectorAll<HTMLButtonElement>('[data-tab]')) press.addEventListener('click', () => this.tab(press.dataset['tab']!));
    this.tab('write');
  }

  private tab(name: string): void {
    this.desk.dataset['shows'] = name;
    for (const press of this.desk.querySelectorAll<HTMLElement>('[data-tab]')) press.setAttribute('aria-pressed', String(press.dataset['tab'] === name));
  }
}

for (const desk of document.querySelectorAll<HTMLElement>('[data-desk]')) new Desk(desk);
