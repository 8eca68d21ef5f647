/** What fetching the catalogue, the summaries and the state have in common: one at a time, by ETag, and only from our server. */

import { isOurs } from '../core/outbox.ts';
import { LEFT, changePerson, person, value, type Person } from '../store/phone.ts';
import { setState, state, type State } from '../store/person.ts';
import { alone } from './alone.ts';
import { NoAnswer, ask, bearer, json, ping, type Answer } from './api.ts';
import type { Deps } from './deps.ts';

/** new: stored. same: nothing changed. no-answer: try later. sign-in: the server wants a sign-in before it tells more. */
export type Refreshed = 'new' | 'same' | 'no-answer' | 'sign-in';

/**
 * Ask our server for `path` with a person's reading token and such `headers`. `take` does what there is to do with the
 * answer, which is our server's or holds nothing; `found` is its JSON. What was stored before stays until something better is here.
 *
 * Throws NotSaved.
 */
export async function reading(deps: Deps, personId: string, path: string, headers: () => Promise<{ [name: string]: string }>, take: (answer: Answer, found: object | null, who: Person) => Promise<Refreshed>): Promise<Refreshed> {
  const done = await alone(deps, `bv-${path}-${personId}`, async (): Promise<Refreshed> => {
    const who = await person(personId);
    const token = who?.read;
    if (!token) return 'sign-in';
    try {
      const server = (await value('server')) ?? (await ping(deps));
      const answer = await ask(deps, `/api/v1/${path}`, { headers: bearer(token, await headers()) });
      const empty = answer.status === 204 || answer.status === 304;
      const found = empty ? null : (json(answer) as object | null);
      if (!empty && !isOurs(found, server)) return 'no-answer';
      const refused = (by: string | null): Promise<void> => changePerson(personId, { refused: by });
      // Kept all the same: a server put back to another day may know it again. A 403 is no matter of a PIN.
      if (answer.status === 401 || answer.status === 403) {
        const said = (found as { error?: { message?: string } }).error?.message;
        await (answer.status === 401 ? refused(token) : changePerson(personId, { refused: LEFT, ...(said && { left: said }) }));
        return 'sign-in';
      }
      const came = await take(answer, found, who);
      if (who.refused && came !== 'no-answer') await refused(null);
      return came;
    } catch (error) {
      if (error instanceof NoAnswer) return 'no-answer';
      throw error;
    }
  });
  return done ?? 'same';
}

/**
 * Fetch `path` for a person and store it as `key`, unless it is unchanged. `fits` says whether JSON has the shape that
 * the rest of the phone relies on. `noted` is stored when the server has said that this is how things are, changed or
 * not. `made` turns what came into what is stored.
 *
 * Throws NotSaved.
 */
export async function refresh<K extends 'snapshot' | 'catalogue' | 'summaries' | 'practice'>(
  deps: Deps,
  personId: string,
  path: 'state' | 'catalogue' | 'summaries' | 'practice',
  key: K,
  fits: (found: State[K], who: Person) => boolean,
  noted: Partial<State> = {},
  { query = '', made = (found) => found }: { query?: string; made?: (found: State[K]) => State[K] } = {},
): Promise<Refreshed> {
  const etag = `etag:${path}` as const;
  let known: string | undefined;
  const headers = async (): Promise<{ [name: string]: string }> => {
    known = (await state(personId, key)) ? await state(personId, etag) : undefined;
    return known ? { 'if-none-match': known } : {};
  };
  return reading(deps, personId, path + query, headers, async (answer, found, who) => {
    if (answer.status === 304 && known) {
      await setState(personId, noted);
      return 'same';
    }
    const came = found as State[K];
    if (answer.status !== 200 || !fits(came, who)) return 'no-answer';
    // Contents and ETag belong together: apart, a crash would leave an old catalogue that calls itself new.
    await setState(personId, { [key]: made(came), [etag]: answer.headers.get('etag') ?? undefined, ...noted });
    return 'new';
  });
}
