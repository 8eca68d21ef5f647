/** What a provider adds to a module: whose it is, how long it stays, and that it stands under its name. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { beforeEach, test } from 'node:test';
import type { Catalogue } from '../../service_worker/core/api.ts';
import { localWords } from '../../service_worker/page/local-page.ts';
import { state } from '../../service_worker/store/person.ts';
import { fetchCatalogue } from '../../service_worker/sync/fetch-catalogue.ts';
import { NGOZI, Shelf, aPerson, joinedPhone, testDeps, type Handler } from './support/phone.ts';
import { portal, reply } from './support/server.ts';

const TOM = 'person-tom';
const local = (html: string, from = 'Bramble Home Care'): Partial<Catalogue> => ({ local: { from, pages: { falls: html } } });

/** The short form with what the provider adds, as the server sends it. */
function answers(more: Partial<Catalogue>, edition = 1): Handler {
  const shelf = new Shelf();
  shelf.offer('falls', { edition });
  return (address) => (address.startsWith('/api/') ? reply({ ...shelf.short(), ...more }) : shelf.serve(address, {}));
}
const comes = (more: Partial<Catalogue>, person = NGOZI, edition = 1) => fetchCatalogue(testDeps(answers(more, edition)), person);

beforeEach(() => joinedPhone(aPerson(), aPerson({ id: TOM, name: 'Tom', provider: { id: 'thistle', name: 'Thistle' }, read: 'read-tom' })));

interface Words {
  name: string;
  from: string;
  module: string;
  html: string;
}
const cases = JSON.parse(readFileSync('tests/contract/local-pages/words.json', 'utf8')) as Words[];
test('there are cases', () => assert.ok(cases.length >= 2));
for (const { name, from, module, html } of cases) {
  test(`kept as it came: ${name}`, async () => {
    await comes({ local: { from, pages: { [module]: html } } });
    assert.deepEqual(await localWords(NGOZI, module), { from, html });
    assert.equal(await localWords(NGOZI, 'another-module'), null);
  });
}

test('without signal it is still here, and a portal takes nothing away', async () => {
  await comes(local('<p>Ring</p>'));
  assert.equal(await fetchCatalogue(testDeps(() => Promise.reject(new TypeError('no signal'))), NGOZI), 'no-answer');
  assert.equal(await fetchCatalogue(testDeps(() => portal()), NGOZI), 'no-answer');
  assert.deepEqual(await localWords(NGOZI, 'falls'), { from: 'Bramble Home Care', html: '<p>Ring</p>' });
});

test('it stays when the module has a new edition', async () => {
  await comes(local('<p>Ring</p>'));
  await comes(local('<p>Ring</p>'), NGOZI, 2);
  assert.equal((await state(NGOZI, 'catalogue'))!.modules[0]!.edition, 2);
  assert.equal((await localWords(NGOZI, 'falls'))?.html, '<p>Ring</p>');
});

test('taken away by the provider, it is gone at the next contact', async () => {
  await comes(local('<p>Ring</p>'));
  await comes({});
  assert.equal(await localWords(NGOZI, 'falls'), null);
});

test('two people of two providers on one phone each have their own', async () => {
  await comes(local('<p>Ring Bramble</p>'));
  assert.equal(await localWords(TOM, 'falls'), null);
  await comes(local('<p>Ring Thistle</p>', 'Thistle Care'), TOM);
  assert.deepEqual([await localWords(NGOZI, 'falls'), await localWords(TOM, 'falls')], [
    { from: 'Bramble Home Care', html: '<p>Ring Bramble</p>' },
    { from: 'Thistle Care', html: '<p>Ring Thistle</p>' },
  ]);
});

test('somebody who moves to another provider reads what that one says, under its name', async () => {
  await comes(local('<p>Ring Bramble</p>'));
  await comes(local('<p>Ring Thistle</p>', 'Thistle Care'));
  assert.deepEqual(await localWords(NGOZI, 'falls'), { from: 'Thistle Care', html: '<p>Ring Thistle</p>' });
});

test('a server of an earlier release adds nothing', async () => {
  const shelf = new Shelf();
  shelf.offer('falls');
  await fetchCatalogue(testDeps(() => reply(shelf.catalogue())), NGOZI);
  assert.equal(await localWords(NGOZI, 'falls'), null);
});
