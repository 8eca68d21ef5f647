/** What the start of a module offers, from where the person stands with it. No DOM. */

import type { Status } from '../core/status.ts';

export interface Standing {
  status: Status;
  /** The part a running go is at, and the edition it keeps. */
  running: { part: number; parts: number; edition: number } | null;
  goesLeft: number;
  /** Finished before, at whatever edition. */
  finished: boolean;
  edition: number;
  /** The edition of the last finished go, when known. */
  lastEdition: number | null;
  /** Number of the first part that is a question, or null. */
  firstQuestion: number | null;
}

export interface Offer {
  words: string;
  /** The edition and part to open. */
  edition: number;
  part: number;
  lines: string[];
  /** Somebody who did it before may go straight to the questions. */
  check: number | null;
}

const RENEWAL: readonly Status[] = ['due-soon', 'overdue'];

/** Decide the words of the main button, where it leads, and what to say beside it. */
export function offerFor(standing: Standing): Offer {
  const { status, running, goesLeft, finished, edition, lastEdition, firstQuestion } = standing;
  if (running) return { words: 'Carry on', edition: running.edition, part: running.part, lines: [`You stopped at part ${running.part} of ${running.parts}. Everything is kept.`], check: null };
  const lines: string[] = [];
  if (goesLeft < 1) lines.push('You had three goes at this today. Have another go tomorrow. You can read it again at any time.');
  else if (goesLeft < 3) lines.push(goesLeft === 1 ? 'You have one more go today.' : 'You have 2 more goes today.');
  if (lastEdition !== null && lastEdition < edition) lines.push('Updated. Your answers still count.');
  const known = finished && (status === 'in-date' || status === 'needs-watching');
  const words = goesLeft < 1 ? 'Read it again' : known ? 'Take it again' : finished ? 'Have another go' : 'Start';
  return { words, edition, part: 1, lines, check: finished && RENEWAL.includes(status) && goesLeft > 0 ? firstQuestion : null };
}
