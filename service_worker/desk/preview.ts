/**
 * The draft as a carer meets it: the phone's own pages and questions, in a frame that can neither send nor store. It has
 * no origin, so nothing in it reaches the desk; it takes the light, the size of letters and the signal from the page
 * around it, and tells that page which part it shows.
 */

import type { Draft } from '../core/attempt.ts';
import { endPage, partOf, partPage, shellFor, startPage } from '../core/compose.ts';
import type { Edition, Glossary } from '../core/edition.ts';
import { mark } from '../core/marking.ts';
import { outcomeWords } from '../page/end-words.ts';
import { icon, make } from '../page/elements.ts';
import { placeOf } from '../page/go.ts';
import { hear } from '../page/lesson-screen.ts';
import { sign } from '../page/pieces.ts';
import { showQuestion } from '../page/quiz-question.ts';
import { setHtml } from '../page/trusted.ts';
import { markWords } from '../page/word-meaning.ts';
import { PreviewGo, freshGo, whereTo } from './preview-go.ts';

interface Data {
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
let offline = false;

/** Light or dark, large letters, signal or none: "theme=dark&text=200&offline=1". */
function take(words: URLSearchParams): void {
  const { dataset } = document.documentElement;
  dataset['theme'] = words.get('theme') === 'dark' ? 'dark' : 'light';
  if (words.get('text') === '200') dataset['text'] = '200';
  else delete dataset['text'];
  offline = words.get('offline') === '1';
  sendingLine();
}

function sendingLine(): void {
  document.querySelector('[data-component="sending-line"]')?.replaceChildren(...(offline ? [sign('No signal. Carry on.', 'no-signal')] : []));
  document.querySelector('[data-end-sending]')?.replaceChildren(offline ? sign('Saved on this phone. Waiting to send', 'clock', 'wait') : sign('Sent', 'tick'));
}

class Preview {
  private draft: Draft;
  private readonly sprite = document.querySelector('[data-sprite]');

  constructor(private readonly data: Data) {
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
    sendingLine();
    parent.postMessage({ at, page }, '*');
  }

  private end(host: HTMLElement, main: HTMLElement): void {
    const said = outcomeWords(mark(this.data.edition, this.draft.answers), GOES);
    const title = main.querySelector<HTMLElement>('[data-end-title]');
    if (title) title.textContent = 'Done.';
    const signs = { read: 'tick', passed: 'tick', pending: 'clock', again: 'updated', tomorrow: 'updated' } as const;
    host.prepend(
      make('p', { class: `bv-end__result bv-end__result--${said.key}`, 'data-result': said.key }, icon(signs[said.key]), make('span', {}, said.words)),
      make('p', { class: 'bv-end__sending', 'data-end-sending': true }),
    );
  }

  private clicked(event: MouseEvent): void {
    const link = (event.target as Element).closest('a[href]');
    const href = link?.getAttribute('href') ?? '#';
    if (href.startsWith('#')) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const to = whereTo(href);
    if (to) this.show(to);
    else this.note('In the preview this leads nowhere.');
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

let preview: Preview | null = null;
const given = new URLSearchParams(location.hash.slice(1));
/** Which of its pages the desk has loaded here. */
const page = given.get('page');
take(given);
addEventListener('message', (event) => {
  const { look, go } = (event.data ?? {}) as { look?: { theme?: unknown; text?: unknown; offline?: unknown }; go?: unknown };
  if (event.source !== parent) return;
  if (look) take(new URLSearchParams({ theme: String(look.theme), text: String(look.text), offline: look.offline ? '1' : '0' }));
  if (typeof go === 'string') preview?.show(go);
});
document.addEventListener('DOMContentLoaded', () => {
  const data = document.querySelector('[data-preview]')?.textContent;
  if (!data) return;
  preview = new Preview(JSON.parse(data) as Data);
  preview.live(document.querySelector('main')?.dataset['kind'] ? (whereTo(location.pathname) ?? 'start') : 'start');
});
