/** A lesson: read it, hear it, tap a word. Going on keeps that it was read. The words stand without any of this. */

import type { Deps } from '../sync/deps.ts';
import { bottomBar } from './bottom-bar.ts';
import { Go, placeOf } from './go.ts';
import { goNotice, onStop, pageKeptAside } from './in-lesson.ts';
import { localPage } from './local-page.ts';
import { troublePlace } from './not-saved.ts';
import { soon } from './patience.ts';
import { readAloud } from './read-aloud.ts';
import { watch } from './stopwatch.ts';
import { glossary, markWords } from './word-meaning.ts';

/** How long Next waits for the lesson to be taken up, and then for it to be kept, before it just goes on (ms). */
const PATIENCE = 1500;
const KEEPING = 4000;

/** Bring the lesson in `prose` to life. */
export async function lessonScreen(prose: HTMLElement, deps: Deps): Promise<void> {
  const main = prose.closest('main')!;
  hear(prose, main.querySelector('h1'));
  localPage(prose.nextElementSibling!, deps);
  const seconds = watch(deps.mono);
  // Without its edition, or without storage, the lesson is still there to read.
  const opening = Go.open(deps, placeOf(main)).catch(() => null);
  let leave: (() => Promise<boolean>) | null = null;
  // Taken hold of at once, so that a quick Next is kept too; a slow line does not hold anybody up.
  bottomBar(async () => {
    const go = await soon(deps, opening, PATIENCE, null);
    return go && leave ? soon(deps, leave(), KEEPING, true) : true;
  });
  void glossary(deps).then((words) => {
    if ((prose.lang || 'en').startsWith('en')) markWords(prose, words);
  });

  const go = await opening;
  if (!go) return;
  const elsewhere = go.elsewhere();
  if (elsewhere) return location.replace(elsewhere);
  pageKeptAside();
  prose.before(...goNotice(go));
  const trouble = troublePlace(prose, go);
  let warned = false;
  leave = async () => {
    const next = Math.min(go.place.part + 1, go.edition.parts.length);
    const stored = await trouble.guard(Promise.all([go.read(seconds()), go.save((draft) => draft, next)]));
    // Said once; after that reading goes on, as a full phone must not lock anybody in.
    const may = stored || warned;
    warned = true;
    return may;
  };
  onStop(go, trouble);
  void trouble.guard(go.arrive());
}

/** Let a lesson be heard. Read before words become buttons, and from the page itself: it works with nothing else on the phone. */
export function hear(prose: HTMLElement, title: HTMLElement | null): void {
  const easier = prose.querySelector('details');
  const whole = [title?.textContent ?? '', ...speakable(prose)];
  const plainer = easier ? speakable(easier) : [];
  const spoken = (lines: string[]): string => lines.map((line) => (/[.!?:]$/.test(line) ? line : `${line}.`)).join(' ');
  const before = document.querySelector<HTMLElement>('[data-component="read-aloud"]');
  // Whoever opened the easier words wants to hear those.
  if (before) readAloud(before, () => spoken(easier?.open ? plainer : whole), prose.lang || 'en');
}

/** The lines of a lesson as they are to be read: text of each block, and what each picture shows. */
function speakable(prose: HTMLElement): string[] {
  const lines: string[] = [];
  const within = prose.closest('details');
  for (const block of prose.querySelectorAll<HTMLElement>('p, li, th, td, h2, h3, h4, dt, dd, img')) {
    if (block.closest('details') !== within) continue;
    const line = block.tagName === 'IMG' ? (block.getAttribute('alt') ?? '') : [...block.childNodes].filter((node) => !(node instanceof HTMLElement && node.matches('p, ul, ol, table, img'))).map((node) => node.textContent).join('');
    if (line.trim()) lines.push(line.trim().replace(/\s+/g, ' '));
  }
  return lines;
}
