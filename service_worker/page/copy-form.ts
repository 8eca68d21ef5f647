/** The PIN that brings "a copy of everything we keep about you", and its file. */

import { isOurs } from '../core/outbox.ts';
import { value, type Person } from '../store/phone.ts';
import { json, post } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import { saveBytes } from './not-saved.ts';
import { pinForm } from './pin-form.ts';
import { refusedPin, type Refused } from './sign-in.ts';
import { NO_SIGNAL } from './sign-in-words.ts';

const ZIP = 'application/zip';
/** Why there is no copy. */
const no = (end: Refused['end'], words: string): Refused => ({ end, words });

/** Ask our server for the file. */
export async function fetchCopy(deps: Deps, who: Pick<Person, 'contact' | 'read'>, pin: string): Promise<{ end: 'ready'; zip: Uint8Array } | Refused> {
  try {
    const answer = await post(deps, 'export', who.read ?? '', { pin });
    if (answer.status === 200 && answer.headers.get('content-type')?.startsWith(ZIP)) return { end: 'ready', zip: answer.body };
    const reply = json(answer);
    // A portal's page is no answer of ours.
    if (!isOurs(reply, (await value('server')) ?? '')) return no('later', NO_SIGNAL);
    if ((reply as { error?: { code?: unknown } }).error?.code === 'sign-in-ended') return no('code', 'Your sign-in on this phone has ended. Open Waiting to send and sign in there first.');
    return refusedPin(deps, who, answer);
  } catch (error) {
    if ((error as Error).name === 'NoAnswer') return no('later', NO_SIGNAL);
    throw error;
  }
}

/** The form; `done` is called once the file is in the downloads. */
export const copyForm = (deps: Deps, who: Person, done: () => void): HTMLFormElement =>
  pinForm('copy', who.name, 'Get the copy', async (pin, say) => {
    say('Getting your copy…');
    const found = await fetchCopy(deps, who, pin);
    if (found.end !== 'ready') return { words: found.words, blame: found.end === 'mend' };
    saveBytes('between-visits-everything.zip', ZIP, found.zip as Uint8Array<ArrayBuffer>);
    done();
    return null;
  });
