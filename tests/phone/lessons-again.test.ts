/** A new phone: how much comes again, and whether that is asked first. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asksFirst, bytesAgain } from '../../service_worker/page/lessons-again.ts';
import { later } from '../../service_worker/page/wifi.ts';
import { editions } from '../../service_worker/store/editions.ts';
import { setState } from '../../service_worker/store/person.ts';
import { setValue } from '../../service_worker/store/phone.ts';
import { download } from '../../service_worker/sync/download.ts';
import { NGOZI, Shelf, joinedPhone, testDeps } from './support/phone.ts';

test('the size is that of what was asked for and is not here, with its pictures', async () => {
  await joinedPhone();
  const shelf = new Shelf();
  const stairs = shelf.picture('stairs', 3000);
  shelf.offer('falls', { files: [stairs], bytes: 500 });
  shelf.offer('stroke', { bytes: 700 });
  shelf.offer('money', { assigned: false, bytes: 9000 });
  assert.equal(bytesAgain(shelf.modules, []), 4200);
  await setState(NGOZI, { catalogue: shelf.catalogue() });
  await download(testDeps(shelf.serve), NGOZI, { module: 'falls' });
  assert.equal(bytesAgain(shelf.modules, await editions()), 700);
});

test('mobile data and Save-Data always ask, Wi-Fi never, an unknown line above a photo', () => {
  const line = (type: string | null, saveData = false): { type: string | null; saveData: boolean } => ({ type, saveData });
  const big = 1_200_000;
  assert.deepEqual([asksFirst(line('cellular'), 900), asksFirst(line('wifi', true), 900), asksFirst(line('wifi'), big), asksFirst(line('ethernet'), big)], [true, true, false, false]);
  assert.deepEqual([asksFirst(null, big), asksFirst(line(null), big), asksFirst(null, 90_000), asksFirst(line('cellular'), 0)], [true, true, false, false]);
});

test('"later" holds on mobile data and ends on Wi-Fi', async () => {
  await joinedPhone();
  const on = (type: string, saveData = false): Promise<boolean> => later({ connection: () => ({ type, saveData }) });
  assert.deepEqual([await on('cellular'), await later({ connection: () => null })], [false, false]);
  await setValue('settings', { later: true });
  assert.deepEqual([await on('cellular'), await on('wifi'), await on('wifi', true), await later({ connection: () => null })], [true, false, true, true]);
});
