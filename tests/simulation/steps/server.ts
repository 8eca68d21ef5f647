/** What befalls the server, and what its operator does. */

import type { Message } from '../server.ts';
import type { OnPhone } from '../steps.ts';
import type { Published, World } from '../world.ts';
import { MODULES } from '../world.ts';

/** The next edition of a module: another text, another key, a format of tomorrow. */
function nextEdition(world: World): Published {
  const { luck } = world;
  const key = luck.of(MODULES);
  const before = world.editions.filter((one) => one.key === key);
  const last = before[before.length - 1]!;
  // Publishing refuses a key that was mended under "minor": who was marked by the wrong one has to be asked again.
  const mended = luck.chance(0.3);
  const edition: Published = {
    key,
    number: before.length + 1,
    change: mended ? 'major' : luck.of(['minor', 'major']),
    right: mended ? (last.right === 'a' ? 'b' : 'a') : last.right,
    format: world.variant === 'newer' && luck.chance(0.3) ? 2 : 1,
    at: new Date(world.clock.now).toISOString(),
  };
  world.editions.push(edition);
  return edition;
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
    if (world.luck.chance(0.4)) {
      nextEdition(world);
      meanwhile.push({ do: 'publish', editions: world.editions });
    }
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
    const after = world.luck.of([null, 'publish', 'rebuild']);
    if (after) world.ask(after, { editions: world.editions });
    return `${world.variant}${after ? `, ${after}` : ''}`;
  },
  publish: (world) => {
    const edition = nextEdition(world);
    world.ask('publish', { editions: world.editions });
    return worded(edition);
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
