/** What SCORM 1.2 is told, and in which form. Pure. */

export interface Best {
  score: number;
  status: 'completed' | 'passed' | 'failed';
}

/** The better of a result and the one that was kept as "85 passed"; null where there is neither. */
export function best(now: Best | null, kept: string): Best | null {
  const found = /^(\d{1,3}) (completed|passed|failed)$/.exec(kept);
  const before: Best | null = found ? { score: Math.min(100, Number(found[1])), status: found[2] as Best['status'] } : null;
  if (!now || !before) return now ?? before;
  const worth = (one: Best): number => (one.status === 'failed' ? 0 : 1000) + one.score;
  return worth(before) > worth(now) ? before : now;
}

/** A time as HHHH:MM:SS (CMITimespan), at most 9999 hours. */
export function sessionTime(ms: number): string {
  const seconds = Math.min(Math.max(0, Math.floor(ms / 1000)), 9999 * 3600 + 3599);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(Math.floor(seconds / 3600)).padStart(4, '0')}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
