/** Minutes of learning in a month, for pay. The server counts the same (app/learning/minutes.py); the cases are in tests/contract/minutes. */

/** A finished go: the phone's time of it, what is known of its clock (ms to add), when the server took it, and how long it was. */
export interface Go {
  at: string;
  off: number | null;
  received: string | null;
  seconds: number;
}

/** Minutes finished in the calendar month of `now` (ms, the server's time), by the clocks of England; half a minute upwards. */
export function minutesInMonth(goes: readonly Go[], now: number): number {
  // Made here and not as the file is read: the first such thing takes a browser 15 to 40 ms, in every page and worker.
  const england = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', year: 'numeric', month: '2-digit' });
  const month = england.format(now);
  const seconds = goes.filter((go) => england.format(finished(go)) === month).reduce((sum, go) => sum + go.seconds, 0);
  return Math.floor((seconds + 30) / 60);
}

const finished = ({ at, off, received }: Go): number => Math.min(Date.parse(at) + (off ?? 0), received ? Date.parse(received) : Infinity);
