/**
 * What is new for one person, by one question: the state, the modules they are asked for, and the meanings their lessons
 * need. What the phone shows = the last snapshot + its own records. The same question compares what the server holds.
 */

import type { Catalogue, CatalogueModule, News } from '../core/api.ts';
import { figures, withParts } from '../core/parts.ts';
import { changeCatalogue, records, setState, state, type State } from '../store/person.ts';
import { person, personUuid, type Person } from '../store/phone.ts';
import { nonce } from './api.ts';
import { learnOffset } from './clock.ts';
import type { Deps } from './deps.ts';
import { settleEditions } from './editions.ts';
import { fetchCatalogue, fetchSummaries } from './fetch-catalogue.ts';
import { fetchState } from './fetch-state.ts';
import { reading, type Refreshed } from './refresh.ts';
import { noteEqual, uncompared } from './send.ts';

const NOTHING = { proto: 1, server: '', catalogue: '', glossary: null, topics: [], modules: [], withdrawn: [] } satisfies Catalogue;

const isOwn = (module: CatalogueModule): boolean => Boolean(module.assigned || module.private);
const apart = (all: readonly CatalogueModule[]): { own: CatalogueModule[]; others: CatalogueModule[] } => {
  // Only a server of an earlier release leaves summaries out.
  const whole = all.filter((module) => module.summary !== undefined);
  return { own: whole.filter(isOwn), others: whole.filter((module) => !isOwn(module)) };
};

/** Fetch what changed of all that concerns the person. An ended sign-in stops this, never the sending of records. Throws NotSaved. */
export async function fetchNews(deps: Deps, personId: string): Promise<Refreshed> {
  const word = nonce(deps);
  let devs: Map<string, string> = new Map();
  let told = '';
  let sent = 0;
  let earlier = false;
  const headers = async (): Promise<{ [name: string]: string }> => {
    const { own, others } = apart((await state(personId, 'catalogue'))?.modules ?? []);
    devs = await uncompared(deps, personId);
    told = (await records(personId)).reduce((last, { received }) => (received && received > last ? received : last), '');
    sent = deps.now();
    return { 'bv-here': [(await state(personId, 'here')) ?? '..', figures(own).parts, figures(others).folded].join('.'), 'bv-held': [word, ...devs.keys()].join(' ') };
  };
  const done = await reading(deps, personId, 'news', headers, async (answer, found, who) => {
    if (answer.status === 404) {
      earlier = true;
      return 'same';
    }
    const [again, now, ...held] = (answer.headers.get('bv-held') ?? '').split(' ');
    // Without our word it was kept somewhere on the way, or a portal said that there is nothing.
    if (again !== word || (answer.status !== 200 && answer.status !== 204)) return 'no-answer';
    const news = found as News | null;
    if (news && !fits(news, who)) return 'no-answer';
    await learnOffset(new Date(Number(now)).toISOString(), sent, deps.now());
    await noteEqual(deps, personId, [...devs].filter(([, figure], place) => held[place] === figure).map(([dev]) => dev));
    const noted = { told, asked: sent };
    if (!news) {
      await setState(personId, noted);
      return 'same';
    }
    return keep(deps, personId, news, noted);
  });
  return earlier ? fromBefore(deps, personId) : done;
}

/**
 * Keep news that stood in the page which enrolled this phone (`came`, JSON), and so are our server's. False where it does not
 * do, or the person is known here: then what there is has to be compared with the server's. Throws NotSaved.
 */
export async function newsFromPage(deps: Deps, personId: string, came: string): Promise<boolean> {
  const who = await person(personId);
  const news = JSON.parse(came) as News;
  if (!who || (await state(personId, 'snapshot')) || !fits(news, who)) return false;
  await keep(deps, personId, news, { told: '', asked: deps.now() });
  return true;
}

async function keep(deps: Deps, personId: string, news: News, noted: Pick<State, 'told' | 'asked'>): Promise<Refreshed> {
  const snapshot = news.state ?? (await state(personId, 'snapshot'));
  const due = new Map(snapshot?.assignments.map((one) => [one.module, one.due]));
  await changeCatalogue(personId, (before = NOTHING) => {
    const mine = withParts(before.modules.filter(isOwn), news.own ?? {});
    const keys = new Set(mine.map(({ key }) => key));
    // What is no longer asked for is one of the others from now on: a lesson on this phone stays in Learn.
    const others = before.modules.filter((module) => !module.private && !keys.has(module.key) && !due.has(module.key));
    const now = { ...before, ...news.about, ...(news.about && { local: news.about.local }) };
    return {
      ...(news.state && { snapshot: news.state }),
      ...(news.words && { words: news.words }),
      // A phone put back to the release before asks for it anew.
      catalogue: { ...now, catalogue: '', modules: listed(now, [...mine, ...others], due) },
      here: news.here,
      library: news.library,
      'etag:state': undefined,
      'etag:catalogue': undefined,
      ...noted,
    };
  });
  if (!news.state && !news.about && !news.words && !news.own) return 'same';
  await settleEditions(deps);
  return 'new';
}

const othersHere = async (personId: string): Promise<ReturnType<typeof figures>> => figures(apart((await state(personId, 'catalogue'))?.modules ?? []).others);

/** Are the modules this person is not asked for on the list too? */
export async function restIsHere(personId: string): Promise<boolean> {
  const library = await state(personId, 'library');
  return library === undefined || library === (await othersHere(personId)).folded;
}

/** Fetch the modules this person is not asked for, or what they are about, unless that is here. */
export async function fetchRest(deps: Deps, personId: string): Promise<Refreshed> {
  if ((await state(personId, 'library')) === undefined) return fetchSummaries(deps, personId);
  if (await restIsHere(personId)) return 'same';
  return reading(deps, personId, 'library', async () => ({ 'bv-here': (await othersHere(personId)).parts }), async (answer, found) => {
    const { parts } = (found ?? {}) as { parts?: { [part: string]: CatalogueModule[] } };
    if (answer.status !== 200 || typeof parts !== 'object') return 'no-answer';
    // Others may have come meanwhile, or have become this person's own.
    await changeCatalogue(personId, (now = NOTHING) => {
      const mine = now.modules.filter(isOwn);
      const keys = new Set(mine.map(({ key }) => key));
      const rest = withParts(apart(now.modules).others, parts).filter(({ key }) => !keys.has(key));
      const due = new Map(mine.filter(({ assigned }) => assigned).map((module) => [module.key, module.due]));
      return { catalogue: { ...now, modules: listed(now, [...mine, ...rest], due) } };
    });
    await settleEditions(deps);
    return 'new';
  });
}

/** As a server of an earlier release tells it. */
async function fromBefore(deps: Deps, personId: string): Promise<Refreshed> {
  await setState(personId, { here: undefined, library: undefined, words: undefined });
  const told = await fetchState(deps, personId);
  const list = await fetchCatalogue(deps, personId, told);
  return list === 'new' ? list : told === 'same' ? list : told;
}

/** Are these news, and this person's? What comes from our server has the shape of its protocol. */
const fits = ({ here, state: snapshot }: News, who: Person): boolean => typeof here === 'string' && (!snapshot || snapshot.person?.id === personUuid(who));

/**
 * Entries as the rest of the phone, and the release before, rely on them: as the topics stand, then by title. What was
 * withdrawn goes at once, though the list of the others may still name it. The state says who is asked for what.
 */
function listed({ topics, withdrawn }: Catalogue, modules: readonly CatalogueModule[], due: ReadonlyMap<string, string | null>): CatalogueModule[] {
  const gone = new Set(withdrawn.map(({ sha }) => sha));
  const places = new Map(topics.map(({ pack, key }, place) => [`${pack}/${key}`, place]));
  const place = ({ pack, topic }: CatalogueModule): number => places.get(`${pack}/${topic}`) ?? places.size;
  return modules
    .filter(({ sha }) => !gone.has(sha))
    .map((module) => ({ ...module, media: module.media ?? [], assigned: due.has(module.key), due: due.get(module.key) ?? null }))
    .sort((one, other) => place(one) - place(other) || (one.title.toLowerCase() < other.title.toLowerCase() ? -1 : 1));
}
