/** What befalls a phone: its clock, its storage, its caches, its copies. */

import { Phone } from '../phone.ts';
import type { OnPhone } from '../steps.ts';
import { DAY } from '../world.ts';

const MINUTE = 60_000;
const MOST_PHONES = 5;

export const phones: { [name: string]: OnPhone } = {
  time: (world) => {
    world.clock.now += world.luck.of([5 * MINUTE, 20 * MINUTE, 61 * MINUTE, DAY, 8 * DAY, 33 * DAY]);
    return new Date(world.clock.now).toISOString();
  },
  clock: (world, phone) => {
    phone.skew = world.luck.of([0, -2 * 365 * DAY, 2 * 365 * DAY, -3_600_000, 3_600_000, 40 * DAY]);
    return `${phone.skew / DAY} days off`;
  },
  full: (_world, phone) => String((phone.full = !phone.full)),
  'connection dies': (world, phone) => String((phone.dying = world.luck.of([1, 2, 3]))),
  restart: async (world, phone) => {
    phone.open();
    if (world.broken === 'seq-reuse') await world.forgetNumbers(phone);
    return '';
  },
  'copy phone': (_world, phone) => {
    phone.copy = phone.takeCopy();
    return '';
  },
  'restore phone': async (world, phone) => {
    if (!phone.copy) return 'no copy';
    world.share(phone);
    await world.losing(phone, () => phone.become(phone.copy!));
    world.share(phone);
    return '';
  },
  'clone phone': async (world, phone) => {
    if (world.phones.length >= MOST_PHONES) return 'enough phones';
    world.share(phone);
    const other = new Phone(`${phone.name}'s clone`, world.around);
    await other.become(phone.takeCopy());
    other.cookie = phone.cookie;
    world.phones.push(other);
    return '';
  },
  evicted: async (world, phone) => {
    await world.losing(phone, () => phone.become({ goes: new Map(), databases: new Map(), files: new Map() }));
    return '';
  },
  'caches lost': (world, phone) => {
    const lost = world.luck.of([[...phone.caches.all.keys()], ['editions'], ['media']]);
    for (const name of lost) phone.caches.all.delete(name);
    return lost.join(', ');
  },
  'file damaged': (world, phone) => {
    const files = [...(phone.caches.all.get('editions')?.stored ?? [])];
    if (!files.length) return 'nothing stored';
    const [address, file] = world.luck.of(files);
    // One letter, or all from there on: still readable, or not at all.
    const body = file.body.slice(0, world.luck.chance(0.5) ? file.body.length : file.body.length - 30);
    body[world.luck.below(body.length)]! ^= 1;
    phone.caches.all.get('editions')!.stored.set(address, { ...file, body });
    return address.slice(0, 12);
  },
};
