/** Sending because somebody asked for it. No DOM. */

import type { Deps } from '../sync/deps.ts';
import { sendAll, type SendReport } from '../sync/send.ts';

const TRIES = 20;
const PAUSE = 500;

/** Send one person's records at once; a sender that is under way is waited for, as it may have begun with old tokens. */
export async function sendNow(deps: Deps, person: string): Promise<SendReport> {
  for (let left = TRIES; ; left -= 1) {
    const report = await sendAll(deps, { force: true, person });
    if (report.ran || !left) return report;
    await new Promise<void>((resolve) => deps.timer(PAUSE, resolve));
  }
}
