/** What the desk says of a text: whether it is saved, and what the check found. No DOM. */

import { count, size } from '../page/say.ts';

export interface Problem {
  line: number;
  severity: 'error' | 'warning' | 'note';
  code: string;
  message: string;
  suggestion: string;
  /** The author's reason for leaving it so. */
  accepted?: string | null;
}

export interface PartLine {
  kind: 'lesson' | 'question';
  title: string;
  line: number;
}

/** What the server says of a text. `level`: SMOG grade, null for too little text; `bytes`: text and pictures as sent. */
export interface Checked {
  problems: Problem[];
  level: number | null;
  words: number;
  minutes: number;
  bytes: number;
  parts: PartLine[];
}

export const SEVERITIES = {
  error: ['To mend', 'triangle', 'late'],
  warning: ['Look at', 'eye', 'due'],
  note: ['Good to know', 'tip', 'wait'],
} as const;

/** How many there are of what still wants something done. */
export function tally(problems: readonly Problem[]): { errors: number; warnings: number } {
  const open = problems.filter((one) => !one.accepted);
  return { errors: open.filter((one) => one.severity === 'error').length, warnings: open.filter((one) => one.severity === 'warning').length };
}

/** The summary that is read out when it changes. */
export function summary(problems: readonly Problem[]): string {
  const { errors, warnings } = tally(problems);
  if (!errors && !warnings) return 'Nothing to mend.';
  const parts = [errors ? `${errors} to mend` : '', warnings ? `${warnings} to look at` : ''].filter(Boolean);
  return `${parts.join(', ')}.`;
}

/** Length, reading level and size in one line each. */
export function facts({ level, words, minutes, bytes }: Checked): string[] {
  const grade = level ? `Reading level ${level.toFixed(1)}${level <= 11 ? '' : ', aim for 11 or less'}` : 'Too short to tell the reading level';
  return [grade, count(words, 'word'), count(minutes, 'minute'), size(bytes)];
}

/** The part whose text `line` stands in, counted from 1; the first when it stands above all. */
export function partOfLine(parts: readonly PartLine[], line: number): number {
  let found = 1;
  parts.forEach((part, place) => {
    if (part.line <= line) found = place + 1;
  });
  return found;
}

/** The worst open problem of each line. */
export function marksOf(problems: readonly Problem[]): Map<number, 'error' | 'warning'> {
  const marks = new Map<number, 'error' | 'warning'>();
  for (const { line, severity, accepted } of problems) {
    if (accepted || severity === 'note') continue;
    if (severity === 'error' || !marks.has(line)) marks.set(line, severity);
  }
  return marks;
}
