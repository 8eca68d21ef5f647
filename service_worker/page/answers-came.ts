/** Answers that stayed on the server until an attempt was sent. No DOM. */

import type { SnapshotResult } from '../core/api.ts';
import type { Edition, Option, Question } from '../core/edition.ts';
import type { Result } from '../core/marking.ts';

interface Withheld {
  options?: Option[];
  order?: string[];
  pairs?: { [left: string]: string };
  explain?: string | null;
}

/** A copy of the edition with what was withheld put back, as far as `feedback` has it. */
export function withAnswers(edition: Edition, feedback: { [question: string]: unknown } | undefined | null): Edition {
  if (!feedback) return edition;
  const parts = edition.parts.map((part) => {
    const kept = part.kind === 'question' && Object.hasOwn(feedback, part.question.id) ? (feedback[part.question.id] as Withheld) : null;
    if (part.kind !== 'question' || !kept) return part;
    const { options = [], ...more } = kept;
    const question = { ...part.question, ...more };
    if ('options' in question) question.options = question.options.map((option) => ({ ...option, ...options.find((one) => one.key === option.key) }));
    return { ...part, question: question as Question };
  });
  return { ...edition, parts };
}

/** What the server made of the attempt, where it knows more than this phone: it is the marker of record. */
export function confirmed(own: Result, server: SnapshotResult | undefined): Result {
  if (!server) return own;
  const theirs = new Map(server.questions.map((question) => [question.id, question]));
  const known = new Set([...own.questions.map((question) => question.id), ...theirs.keys()]);
  const questions = [...known].flatMap((id) => {
    const one = theirs.get(id);
    const mine = own.questions.find((question) => question.id === id);
    return one && one.first !== null && one.last !== null ? [{ id, first: one.first, last: one.last, tries: one.tries }] : mine ? [mine] : [];
  });
  // What it says nothing of was not answered; what it could not mark stays open.
  const pending = own.pending.filter((id) => theirs.get(id)?.first === null);
  return { ...own, score: server.score, passed: server.passed, questions, pending };
}
