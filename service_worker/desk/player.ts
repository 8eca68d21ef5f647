/**
 * A whole module in one page: the phone's own pages and questions, played in memory. The preview beside a draft and the
 * package for other learning systems are both this, with other hooks.
 */

import type { Draft } from '../core/attempt.ts';
import { endPage, partOf, partPage, shellFor, startPage } from '../core/compose.ts';
import type { Edition, Glossary } from '../core/edition.ts';
import { mark, type Result } from '../core/marking.ts';
import { outcomeWords } from '../page/end-words.ts';
import { icon, make } from '../page/elements.ts';
import { placeOf } from '../page/go.ts';
import { hear } from '../page/lesson-screen.ts';
import { showQuestion } from '../page/quiz-question.ts';
import { setHtml } from '../page/trusted.ts';
import { markWords } from '../page/word-meaning.ts';
import { PreviewGo, freshGo, whereTo } from './preview-go.ts';

export interface Data {
  edition: Edition;
  sha: string;
  shells: { [name: string]: string };
  /** Address → the picture or sound itself: the frame has no cookies to ask for it with. */
  media: { [address: string]: string };
  glossary: Glossary;
}

const GOES = 3;
const timer = (ms: number, ring: () => void): (() => void) => {
  const id = setTimeout(ring, ms);
  return () => clearTimeout(id);
};

export interface Hooks {
  /** A part is on screen: "start", a number or "end". */
  shown(at: string): void;
  /** The end is on screen, and this is what the go came to. */
  marked(result: Result): void;
  /** What is said where a link leads out of the module. */
  nowhere: string;
}

export class Player {
  private draft: Draft;
  private readonly sprite = document.querySelector('[data-sprite]');

  constructor(private readonly data: Data, private readonly hooks: Hooks) {
    // A go has its own order of answers each time, here as on a phone.
    this.draft = freshGo(data.edition, data.sha, crypto.getRandomValues(new Uint32Array(1))[0]!);
    // Before any component hears of it: what they do with a link is a phone's business.
    document.addEventListener('click', (event) => this.clicked(event), true);
  }

  /** Bring the part on screen to life. */
  live(at: string): void {
    const main = document.querySelector('main')!;
    const { edition, sha } = this.data;
    const host = main.querySelector<HTMLElement>('[data-component="quiz-question"], [data-component="module-end"], [data-component="lesson-screen"]');
    const part = partOf(edition, Number(at));
    if (host && part?.kind === 'question') {
      showQuestion(host, main, { timer }, new PreviewGo(edition, { ...placeOf(main), sha }, this.draft, (draft) => (this.draft = draft)), part.question, part.lesson);
    } else if (host && part) {
      hear(host, main.querySelector('h1'));
      if (edition.lang.startsWith('en')) markWords(host, this.data.glossary);
    } else if (host) this.end(host, main);
    this.hooks.shown(at);
  }

  private end(host: HTMLElement, main: HTMLElement): void {
    const result = mark(this.data.edition, this.draft.answers);
    const said = outcomeWords(result, GOES);
    const title = main.querySelector<HTMLElement>('[data-end-title]');
    if (title) title.textContent = 'Done.';
    const signs = { read: 'tick', passed: 'tick', pending: 'clock', again: 'updated', tomorrow: 'updated' } as const;
    host.prepend(
      make('p', { class: `bv-end__result bv-end__result--${said.key}`, 'data-result': said.key }, icon(signs[said.key]), make('span', {}, said.words)),
      make('p', { class: 'bv-end__sending', 'data-end-sending': true }),
    );
    this.hooks.marked(result);
  }

  private clicked(event: MouseEvent): void {
    const link = (event.target as Element).closest('a[href]');
    const href = link?.getAttribute('href') ?? '#';
    if (href.startsWith('#')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const to = whereTo(href);
    if (to) this.show(to);
    else this.note(this.hooks.nowhere);
  }

  private note(words: string): void {
    document.querySelector('[data-preview-note]')?.remove();
    document.querySelector('main')?.prepend(make('p', { class: 'bv-notice', role: 'status', 'data-preview-note': true }, words));
    scrollTo(0, 0);
  }

  /** Show another part: "start", a number or "end". Nothing happens when there is none of that name. */
  show(at: string): void {
    const { edition, sha, shells, media } = this.data;
    const kind = shellFor(edition, Number(at));
    const html = at === 'start' ? startPage(shells['module']!, edition, sha) : at === 'end' ? endPage(shells['end']!, edition, sha) : kind && partPage(shells[kind]!, edition, sha, Number(at));
    if (!html) return;
    const [, classes = '', body = ''] = /<body class="([^"]*)"[^>]*>([\s\S]*)<\/body>/.exec(html) ?? [];
    setHtml(document.body, Object.entries(media).reduce((words, [address, bytes]) => words.replaceAll(address, bytes), body));
    if (this.sprite) document.body.prepend(this.sprite);
    document.body.className = classes;
    document.title = /<title>([^<]*)/.exec(html)?.[1] ?? '';
    if (at === 'start') this.draft = freshGo(edition, sha, this.draft.seed);
    this.live(at);
    // Only where somebody is in the frame already: a choice made beside it keeps its focus there.
    if (document.hasFocus()) document.querySelector<HTMLElement>('h1')?.focus();
    scrollTo(0, 0);
  }
}

/** What the page holds of the module, or null. */
export function readData(): Data | null {
  const data = document.querySelector('[data-preview]')?.textContent;
  return data ? (JSON.parse(data) as Data) : null;
}
