/** Make this phone the phone of whoever just signed in: tokens, then what they need to learn. No DOM. */

import { PROTO, type Enrolment } from '../core/api.ts';
import { NotSaved } from '../store/open.ts';
import { state } from '../store/person.ts';
import { changePerson, people, personUuid, putPerson, setValue, value, type Person } from '../store/phone.ts';
import { learnOffset } from '../sync/clock.ts';
import type { Deps } from '../sync/deps.ts';
import { fetchNews, fetchRest, newsFromPage } from '../sync/fetch-news.ts';
import { noteDone } from './now-and-then.ts';
import { open } from './opened.ts';
import type { Curtain } from './pin-curtain.ts';

/** pin: the sign-in of this browser is not enough, `settle` wants the PIN too. */
export type Enrolled = { end: 'ready'; person: string } | { end: 'pin'; row: Person } | { end: 'no-signal' | 'trouble' | 'no-storage' };

export const isEnrolment = (reply: unknown): reply is Enrolment => {
  const one = reply as Partial<Enrolment> | null;
  return one?.proto === PROTO && [one.server, one.dev, one.append, one.read, one.person?.id, one.person?.name, one.provider?.id].every((field) => typeof field === 'string' && field !== '');
};

/** Make this phone theirs by an enrolment of our server, as it came. Throws NotSaved. */
export async function take(deps: Deps, came: unknown, curtain: Curtain | null): Promise<Enrolled> {
  if (!isEnrolment(came)) return { end: 'trouble' };
  const row = rowFor(await people(), came, curtain, deps.now());
  // Whether this phone has the passkey, only trying it tells.
  if (!row.pin) return { end: 'pin', row: { ...row, passkey: came.passkey ?? null } };
  return settle(row, curtain ? deps.now() : null);
}

/**
 * Take an enrolment that stood in the page itself, the reply to a PIN chosen just now (`curtain`); `now` is the server's
 * time in it. Null when it does not do, as in a page of another server: then the phone is enrolled as ever.
 */
export async function takeFromPage(deps: Deps, came: string, now: string, curtain: Curtain): Promise<Enrolled | null> {
  try {
    const reply: unknown = JSON.parse(came);
    const known = await value('server');
    if (!isEnrolment(reply) || (known !== undefined && known !== reply.server)) return null;
    await setValue('server', reply.server);
    const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    // Times of the page's own clock, told by the phone's.
    const at = deps.now() - deps.mono();
    if (page) await learnOffset(now, at + page.requestStart, at + page.responseStart);
    return await take(deps, reply, curtain);
  } catch (error) {
    if (error instanceof NotSaved) return { end: 'no-storage' };
    throw error;
  }
}

/**
 * The row of an enrolment among those that are here (`all`): the person's row at that provider; else one more, which is
 * that provider's for good. A place that ended keeps its row: it is their record, and what waits in it is that provider's.
 * `curtain` is of a PIN that was shown just now.
 */
export function rowFor(all: readonly Person[], { person, provider, dev, append, read, passkey }: Enrolment, curtain: Curtain | null, now: number): Person {
  const mine = all.filter((row) => personUuid(row) === person.id);
  const before = mine.find((row) => row.provider.id === provider.id);
  // The PIN is the person's, whatever the place.
  const known = before ?? mine[0];
  const { id } = before ?? { id: mine.some((row) => row.id === person.id) ? `${person.id}~${provider.id}` : person.id };
  return {
    id,
    ...(id === person.id ? {} : { uuid: person.id }),
    name: person.name,
    provider,
    contact: before?.contact ?? null,
    dev,
    append,
    read,
    pin: curtain ?? known?.pin ?? null,
    // A new PIN begins anew; a browser's sign-in forgives no wrong ones.
    wrong: curtain ? null : (known?.wrong ?? null),
    // A new PIN ends every passkey that the one before let in; then the server has none.
    passkey: curtain && !passkey ? null : (known?.passkey ?? null),
    ask: known?.ask ?? false,
    lastUsed: now,
    paused: null,
  };
}

/** Put somebody on this phone; `opened` is the phone time at which they showed their PIN, null when they did not. Throws NotSaved. */
export async function settle(row: Person, opened: number | null): Promise<Enrolled> {
  await putPerson(row);
  await setValue('person', row.id);
  if (opened !== null) open(row.id, opened);
  return { end: 'ready', person: row.id };
}

/** Take what the person has to do and to learn from the page (`came`), or fetch it; without signal it comes another time. */
export async function firstFetch(deps: Deps, id: string, came = ''): Promise<void> {
  const told = came && (await newsFromPage(deps, id, came)) ? 'new' : await fetchNews(deps, id);
  // What is missing is looked for with the next page, whatever this tab got a moment ago.
  noteDone(deps, 'got', 0);
  if (told === 'new' || told === 'same') noteDone(deps, 'asked');
  // Whoever is asked for nothing has no lessons to wait for: they choose from the list, without signal too.
  if (told === 'new' && !(await state(id, 'catalogue'))?.modules.length) await fetchRest(deps, id);
  const at = (await state(id, 'snapshot'))?.provider;
  // Whoever works somewhere else by now was given a phone id of that provider when they signed in.
  if (at) await changePerson(id, { contact: at.contact || null, provider: { id: at.id, name: at.name } });
}
