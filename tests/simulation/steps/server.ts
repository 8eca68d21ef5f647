/** What befalls the server, and what its operator does. */

import type { Message } from '../server.ts';
import type { OnPhone } from '../steps.ts';
import type { Published, World } from '../world.ts';
import { keysOf, MODULES, QUESTIONS } from '../world.ts';

/** The next edition of a module: another text, another key, a format of tomorrow. */
function nextEdition(world: World): Published {
  const { luck } = world;
  const key = luck.of(MODULES);
  const before = world.editions.filter((one) => one.key === key);
  const last = before[before.length - 1]!;
  // Publishing refuses a key that was mended under "minor": who was marked by the wrong one has to be asked again.
  const mended = luck.chance(0.3);
  // What was put right beside the last edition is carried on, and that is no change of the marking.
  const inForce = keysOf(last).at(-1)!;
  const edition: Published = {
    key,
    number: before.length + 1,
    change: mended ? 'major' : luck.of(['minor', 'major']),
    right: mended ? [...inForce].map((letter) => (letter === 'a' ? 'b' : 'a')).join('') : inForce,
    errata: [],
    format: world.variant === 'newer' && luck.chance(0.3) ? 2 : 1,
    at: new Date(world.clock.now).toISOString(),
  };
  world.editions.push(edition);
  return edition;
}

/** The operator puts a key right, of any edition: often of one question, so that no answer suits, then of the other. */
function erratum(world: World): string {
  const edition = world.luck.of(world.editions);
  const inForce = keysOf(edition).at(-1)!;
  const place = inForce[0] === inForce[1] ? world.luck.below(2) : 1;
  const right = inForce[place] === 'a' ? 'b' : 'a';
  edition.errata.push([QUESTIONS[place]!, right]);
  return `${edition.key} ${edition.number}: ${keysOf(edition).at(-1)!} is right`;
}

const worded = (one: Published): string => `${one.key} ${one.number}, ${one.change}${one.format === 2 ? ', format 2' : ''}, ${one.right} is right`;

export const server: { [name: string]: OnPhone } = {
  'late requests': (world) => String(world.network.deliverLate()),
  /** Everybody's records arrive in the same moment, each batch twice, while the operator publishes. */
  'all at once': async (world) => {
    world.network.roughness = 0;
    world.network.holding = true;
    for (const phone of world.phones) await world.send(phone, true);
    world.network.holding = false;
    const meanwhile: Message[] = [];
    // One operator, who does one thing after the other.
    const [publishes, corrects] = [world.luck.chance(0.4), world.luck.chance(0.3)];
    if (publishes) nextEdition(world);
    if (corrects) erratum(world);
    if (publishes || corrects) meanwhile.push({ do: 'publish', editions: world.editions });
    if (world.luck.chance(0.2)) meanwhile.push({ do: 'rebuild' });
    const receipted = world.network.deliverAtOnce(world.luck, meanwhile);
    world.demandStored(receipted, 'receipted at once');
    return `${receipted.length} receipts${meanwhile.map(({ do: name }) => `, ${name}`).join('')}`;
  },
  'back up': (world) => {
    world.ask('backup');
    return '';
  },
  'restore server': (world) => {
    const { done } = world.ask<{ done: boolean }>('restore');
    if (done) world.restores += 1;
    return done ? '' : 'no backup';
  },
  /** Another release, forwards or back; its operator works everything out again, or leaves it for later. */
  upgrade: (world) => {
    world.become(world.luck.of(['older', 'present', 'newer']), world.luck.chance(0.3));
    const after = world.luck.of([null, 'publish', 'rebuild', 'look']);
    if (after) world.ask(after, { editions: world.editions });
    return `${world.variant}${after ? `, ${after}` : ''}`;
  },
  publish: (world) => {
    const edition = nextEdition(world);
    world.ask('publish', { editions: world.editions });
    return worded(edition);
  },
  erratum: (world) => {
    const words = erratum(world);
    world.ask('publish', { editions: world.editions });
    return words;
  },
  withdraw: (world) => {
    const { key, number } = world.luck.of(world.editions);
    const safety = world.luck.chance(0.5);
    world.ask('publish', { editions: world.editions });
    world.ask('withdraw', { key, number, safety });
    if (safety) world.warnings.add(`${key} ${number}`);
    else world.warnings.delete(`${key} ${number}`);
    return `${key} ${number}${safety ? ', safety' : ''}`;
  },
};
