/** What becomes of people: where they work, which phones they have, whether they are signed in. */

import type { ByPerson } from '../steps.ts';
import type { Phone } from '../phone.ts';
import { Violation } from '../violation.ts';
import { uuidOf, type World } from '../world.ts';

const named = (world: World, person: string): { id: string; name: string } => world.people.find(({ id }) => id === uuidOf(person))!;

export const places: { [name: string]: ByPerson } = {
  join: async (world, phone) => {
    const person = world.luck.of(world.people);
    return phone.people().some(({ id }) => uuidOf(id) === person.id) ? 'is here' : `${person.name} ${await world.join(phone, person)}`;
  },
  leave: (world, _phone, _step, person) => {
    world.ask('leave', { person: uuidOf(person) });
    return '';
  },
  'take on': (world, _phone, _step, person) => {
    world.ask('take_on', { person: uuidOf(person), provider: world.luck.of(world.providers) });
    return '';
  },
  /** Ended at one provider, taken on by another: with a new code on this phone, on another one, or later. */
  'change of provider': async (world, phone, step, person) => {
    const { left } = world.ask<{ left: string[] }>('leave', { person: uuidOf(person) });
    const provider = world.luck.of(world.providers.filter((one) => !left.includes(one)));
    if (!provider) return 'has every place';
    world.ask('take_on', { person: uuidOf(person), provider });
    const where = world.luck.of(['here', 'there', 'later']);
    const other = world.phones[(step.phone + 1) % world.phones.length]!;
    if (where !== 'later') await world.join(where === 'here' ? phone : other, named(world, person));
    return where;
  },
  /** A place beside the one they have, with its code on this phone: its row is one of its own, unless it is here already. */
  'another place': async (world, phone, _step, person) => {
    const provider = world.luck.of(world.providers);
    world.ask('take_on', { person: uuidOf(person), provider });
    const joined = await world.join(phone, named(world, person), provider);
    return `${joined}, ${phone.people().filter(({ id }) => uuidOf(id) === uuidOf(person)).length} here`;
  },
  'sign-in ends': (world, phone, _step, person) => {
    const { dev } = phone.people().find(({ id }) => id === person)!;
    world.ask('end_sign_in', { dev });
    world.ended.add(dev);
    return '';
  },
  'sign in': async (world, phone, _step, person) => (phone.full ? 'full' : world.signIn(phone, person)),
  /** Ended by the manager; whoever finds it, or its person, may still have it on. */
  'lost phone': (world, phone, _step, person) => {
    const { append, read, dev } = phone.people().find(({ id }) => id === person)!;
    const { ended } = world.ask<{ ended: string[] }>('lost_phone', { person: uuidOf(person), dev });
    for (const one of ended) world.ended.add(one);
    if (ended.length) world.revoked.push({ tokens: { append, read }, restores: world.restores });
    return String(ended.length > 0);
  },
  'remove person': async (world, phone, _step, person) => {
    let stake: unknown;
    await world.losing(phone, async () => (stake = await world.on(phone, () => phone.code.removePerson(person))));
    if (stake === null) forgetGoes(phone, person);
    return JSON.stringify(stake);
  },
  /** Removed although something is unsent, after a copy was saved: everything unsent is in the file. */
  /** The manager lets a pass stand that only a wrong key gave, or takes it away. */
  decide: (world, _phone, _step, person) => {
    const stands = world.luck.chance(0.5);
    const { record } = world.ask<{ record: string | null }>('decide', { person: uuidOf(person), stands });
    if (record) world.decided.set(record, { stands, restores: world.restores });
    return record ? `${stands ? 'stands' : 'taken'} ${record.slice(-6)}` : 'nothing to decide';
  },
  'saved copy': async (world, phone, _step, person) => {
    const unsent = phone.recordsOf(person).filter((record) => record.st !== 'receipted').map(({ id }) => id);
    let copy: Awaited<ReturnType<Phone['code']['exportWaiting']>> | string = 'died';
    await world.losing(phone, async () => {
      copy = await world.on(phone, async (deps) => {
        const made = await phone.code.exportWaiting(person, world.serverId, deps.now());
        await phone.code.removePerson(person, true);
        return made;
      });
    });
    if (!phone.people().some(({ id }) => id === person)) forgetGoes(phone, person);
    return typeof copy === 'string' ? copy : keepCopy(world, copy, unsent);
  },
};

function forgetGoes(phone: Phone, person: string): void {
  for (const key of phone.goes.keys()) if (key.startsWith(`${person} `)) phone.goes.delete(key);
}

function keepCopy(world: World, copy: Awaited<ReturnType<Phone['code']['exportWaiting']>>, unsent: readonly string[]): string {
  const inIt = new Set(copy.records.map(({ id }) => id));
  const left = unsent.filter((id) => !inIt.has(id));
  if (left.length) throw new Violation(`not in the saved copy: ${left.map((id) => id.slice(-6)).join(', ')}`);
  if (JSON.stringify(copy).match(/"(append|read|pin)":/)) throw new Violation('a secret is in the saved copy');
  world.copies.push(copy);
  return `${inIt.size} in the copy`;
}
