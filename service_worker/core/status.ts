/**
 * Where a person stands with a module: one rule, the same on the server (app/learning/status.py); both run the cases in
 * tests/contract/status. Days are UTC days written YYYY-MM-DD, so that phone and server agree whatever zone either is in.
 */

export type Status = 'not-started' | 'under-way' | 'in-date' | 'due-soon' | 'overdue' | 'needs-watching' | 'not-needed';

export interface Completion {
  edition: number;
  /** ISO time. */
  at: string;
  valid_for_months: number | null;
}

export interface EditionStep {
  number: number;
  change: 'minor' | 'major';
  published: string;
}

export interface Circumstances {
  /** ISO time. */
  now: string;
  /** Null: nobody asked for it. */
  assignment: { due: string | null } | null;
  completions: readonly Completion[];
  /** Every published edition, oldest first. */
  chain: readonly EditionStep[];
  /** Something was done since the last completion. */
  started?: boolean;
  /** An observation is still to come. */
  watching?: boolean;
  not_needed?: boolean;
}

export interface Standing {
  status: Status;
  due: string | null;
  valid_until: string | null;
  completed_at: string | null;
  edition: number | null;
}

const DAY = 86_400_000;
/** Days before its date that a module is "due soon", and days given for a majorly changed edition. */
const SOON = 30;
const TIME_FOR_A_MAJOR_CHANGE = 30;
const FOR_EVER = '9999-12-31';

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
const plusDays = (day: string, days: number): string => dayOf(Date.parse(day) + days * DAY);
const daysFrom = (today: string, day: string): number => (Date.parse(day) - Date.parse(today)) / DAY;
const later = (one: string, other: string): string => (one > other ? one : other);
const earlier = (one: string, other: string): string => (one < other ? one : other);

/** The same day of the month `months` later, or that month's last day: 31 August + 6 is 28 or 29 February. */
export function addMonths(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return dayOf(Date.UTC(year, month - 1 + months, Math.min(date, last)));
}

/** The last day a completion counts, by its own edition's rule; null: for ever. */
export const validUntil = (completion: Completion): string | null =>
  completion.valid_for_months === null ? null : addMonths(dayOf(Date.parse(completion.at)), completion.valid_for_months);

/** The completion that counts longest; of equals the latest, so that order of arrival decides nothing. */
function bestOf(completions: readonly Completion[]): Completion | undefined {
  const worth = (one: Completion): [string, number, number] => [validUntil(one) ?? FOR_EVER, Date.parse(one.at), one.edition];
  return completions.reduce<Completion | undefined>((best, one) => {
    if (!best) return one;
    const [a, b] = [worth(one), worth(best)];
    const place = a.findIndex((value, index) => value !== b[index]);
    return place >= 0 && a[place]! > b[place]! ? one : best;
  }, undefined);
}

/** The last edition that asks people to take the module again. The first asks nobody: none was before it. */
function lastMajor(chain: readonly EditionStep[]): EditionStep | undefined {
  const first = Math.min(...chain.map((step) => step.number));
  return chain.filter((step) => step.number > first && step.change === 'major').reduce<EditionStep | undefined>((last, step) => (last && last.number > step.number ? last : step), undefined);
}

/** The day to have it done by when nothing counts today. Without an assignment nobody is late. */
function dueDay(assignment: Circumstances['assignment'], ranOut: string | null, major: EditionStep | undefined, best: Completion | undefined): string | null {
  if (!assignment) return null;
  if (ranOut) return ranOut;
  if (!major || !best) return assignment.due;
  // A major change gives time, but no more than the earlier pass had left.
  const until = earlier(plusDays(major.published.slice(0, 10), TIME_FOR_A_MAJOR_CHANGE), validUntil(best) ?? FOR_EVER);
  return later(until, assignment.due ?? '');
}

/**
 * Say where a person stands with a module.
 *
 * A completion of an older edition counts, unless the module is assigned and a later edition changed majorly: then the
 * person has until 30 days after that edition was published, or until their due date when that is later.
 */
export function standing(circumstances: Circumstances): Standing {
  const { assignment, completions, chain } = circumstances;
  const major = assignment ? lastMajor(chain) : undefined;
  const counting = completions.filter((one) => !major || one.edition >= major.number);
  const best = bestOf(counting.length ? counting : completions);
  const end = best ? validUntil(best) : null;
  const today = dayOf(Date.parse(circumstances.now));
  const stands = (status: Status, due: string | null): Standing => ({
    status,
    due,
    valid_until: end,
    completed_at: best?.at ?? null,
    edition: best?.edition ?? null,
  });
  if (circumstances.not_needed) return stands('not-needed', null);
  if (counting.length && (!end || today <= end)) {
    if (assignment && end && daysFrom(today, end) <= SOON) return stands('due-soon', end);
    return stands(circumstances.watching ? 'needs-watching' : 'in-date', assignment ? end : null);
  }
  const due = dueDay(assignment, counting.length ? end : null, best && major, best);
  if (due && daysFrom(today, due) <= SOON) return stands(today > due ? 'overdue' : 'due-soon', due);
  return stands(circumstances.started ? 'under-way' : 'not-started', due);
}
