/** What may happen, how often, and the history a seed stands for. */

import { learning } from './steps/learning.ts';
import { phones } from './steps/phones.ts';
import { places } from './steps/places.ts';
import { server } from './steps/server.ts';
import { Luck } from './luck.ts';
import type { Phone } from './phone.ts';
import { uuidOf, type World } from './world.ts';

const OFTEN = {
  quiz: 22, lesson: 8, reflection: 4, 'put down': 6, send: 22, 'send now': 4, 'send from two tabs': 4, refresh: 10, time: 8, clock: 3, full: 2, 'connection dies': 3, restart: 3,
  'copy phone': 3, 'restore phone': 2, 'clone phone': 1, evicted: 0.5, 'caches lost': 1.5, 'file damaged': 1.5, 'late requests': 3, 'all at once': 3, 'back up': 3, 'restore server': 2, upgrade: 2,
  publish: 2.5, erratum: 2, decide: 2, withdraw: 1.5, leave: 1, 'take on': 1, 'change of provider': 1.5, 'another place': 1.5, 'sign-in ends': 2, 'sign in': 2, 'lost phone': 0.7, join: 2, 'remove person': 1, 'saved copy': 0.7, 'strange record': 2, backlog: 0.5,
} as const;

export type Do = keyof typeof OFTEN;

export interface Step {
  number: number;
  do: Do;
  phone: number;
  person: number;
  /** Seed of all that is left to chance within this step, so that leaving out another does not change it. */
  luck: number;
  /** How likely each request meets a fault. */
  rough: number;
  /** The phone dies at this step of the work; null: it lives. */
  dies: number | null;
}

/** Carries out a step and says in a few words what came of it. */
export type OnPhone = (world: World, phone: Phone, step: Step) => Promise<string> | string;
export type ByPerson = (world: World, phone: Phone, step: Step, person: string) => Promise<string> | string;

const MINUTE = 60_000;
const withoutPerson: { [name: string]: OnPhone } = { ...phones, ...server };
const withPerson: { [name: string]: ByPerson } = { ...learning, ...places };

const total = Object.values(OFTEN).reduce<number>((sum, one) => sum + one, 0);

function draw(luck: Luck): Do {
  let place = luck.next() * total;
  for (const [name, weight] of Object.entries(OFTEN)) if ((place -= weight) < 0) return name as Do;
  return 'send';
}

export function historyOf(seed: number, count: number): Step[] {
  const luck = new Luck(seed);
  return Array.from({ length: count }, (_, number) => ({
    number,
    do: draw(luck),
    phone: luck.below(60),
    person: luck.below(60),
    luck: luck.below(2 ** 32),
    rough: luck.of([0, 0.2, 0.5]),
    dies: luck.chance(0.15) ? luck.below(luck.of([12, 60, 150])) : (luck.next(), null),
  }));
}

/** Let one step befall the world; nothing may be shown as sent after it that is not. */
export async function carryOut(world: World, step: Step): Promise<string> {
  world.luck = new Luck(step.luck);
  world.network.roughness = step.rough;
  world.network.met.length = 0;
  const phone = world.phones[step.phone % world.phones.length]!;
  world.clock.now += world.luck.below(10 * MINUTE);
  const here = phone.people();
  const person = here.length ? here[step.person % here.length]!.id : null;
  const words = await befall(world, step, phone, person);
  const sent = phone.owners().flatMap((owner) => phone.recordsOf(owner)).filter((record) => record.st === 'receipted');
  world.demandStored(sent.map(({ id }) => id), `shown as sent on ${phone.name}`);
  const who = person ? world.people.find(({ id }) => id === uuidOf(person))?.name : 'nobody';
  return `${phone.name}, ${who}: ${step.do}${words ? ` → ${words}` : ''}${world.network.met.length ? ` [${world.network.met.join('; ')}]` : ''}`;
}

async function befall(world: World, step: Step, phone: Phone, person: string | null): Promise<string> {
  const onPhone = withoutPerson[step.do];
  if (onPhone) return onPhone(world, phone, step);
  if (person !== null) return withPerson[step.do]!(world, phone, step, person);
  await world.join(phone, world.luck.of(world.people));
  return 'joined anew';
}
