/** Where a person stands with a module: one rule, the same on server and phone (tests/contract/status). */

export type Status = 'not-started' | 'under-way' | 'in-date' | 'due-soon' | 'overdue' | 'needs-watching' | 'not-needed';
