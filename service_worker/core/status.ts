/** Where a person stands with a module. The server works it out (app/learning/status.py); the phone shows what it said. */

export type Status = 'not-started' | 'under-way' | 'in-date' | 'due-soon' | 'overdue' | 'needs-watching' | 'not-needed';

export interface EditionStep {
  number: number;
  change: 'minor' | 'major';
  published: string;
}
