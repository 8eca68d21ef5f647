/** Where a person stands with a module. The server works it out (app/learning/status.py); the phone shows what it said. */

export type Status = 'not-started' | 'under-way' | 'in-date' | 'due-soon' | 'overdue' | 'needs-watching' | 'not-needed';

export interface EditionStep {
  number: number;
  change: 'minor' | 'major';
  published: string;
}

const DONE: readonly (Status | undefined)[] = ['in-date', 'needs-watching', 'not-needed'];

/** Is there nothing to do at a module of this status? Of one nobody has told there is. */
export const isDone = (status: Status | undefined): boolean => DONE.includes(status);
