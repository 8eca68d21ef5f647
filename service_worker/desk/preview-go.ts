/** A go that keeps nothing: a trainer plays a draft's questions in memory, and closing the page forgets it. */

import { answer, goTo, type Draft } from '../core/attempt.ts';
import type { Edition } from '../core/edition.ts';
import type { Answer } from '../core/records.ts';
import type { Place } from '../page/go.ts';
import type { Going } from '../page/quiz-question.ts';

/** One go for all parts of a draft, so that the end can say what came of it. `seed` fixes the order of answers. */
export const freshGo = (edition: Edition, sha: string, seed: number): Draft => ({
  module: edition.key,
  edition: edition.edition,
  sha,
  attempt: '',
  seed,
  started: '',
  part: 1,
  answers: {},
  choosing: {},
  text: {},
  seconds: 0,
});

/** The go at the part on screen. Every change is done at once, and told to `changed`. */
export class PreviewGo implements Going {
  // The one mode that neither claims to keep anything nor asks anybody to join.
  readonly mode = 'unsure';
  readonly begun = false;

  constructor(
    readonly edition: Edition,
    readonly place: Place,
    public draft: Draft,
    private readonly changed: (draft: Draft) => void,
  ) {}

  arrive(): Promise<void> {
    return Promise.resolve();
  }

  save(change: (draft: Draft) => Draft, part = this.place.part): Promise<void> {
    this.draft = goTo(change(this.draft), part);
    this.changed(this.draft);
    return Promise.resolve();
  }

  give(question: string, given: Answer): Promise<void> {
    return this.save((draft) => answer(draft, question, given));
  }

  copy(): Promise<never> {
    return Promise.reject(new Error('A preview keeps nothing to copy'));
  }
}

/** Where a link of a learner's page leads within the preview: "start", a part's number or "end"; null when it leads out. */
export function whereTo(href: string): string | null {
  const path = href.replace(/[?#].*$/, '');
  const part = /^\/(?:learn\/[a-z0-9-]+\/\d+|staff\/drafts\/[0-9a-f-]+\/preview)\/(start|end|[1-9]\d{0,2})$/.exec(path);
  if (part) return part[1]!;
  return /^\/(?:today|learn(?:\/[a-z0-9-]+)?)$/.test(path) ? 'start' : null;
}
