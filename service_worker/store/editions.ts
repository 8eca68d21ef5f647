/** Which editions are on this phone. Their bytes lie in Cache Storage under `/e/<sha>` and `/m/<file>`. */

import { done, read, readAll, write } from './open.ts';
import { schema, type EditionRow } from './phone.ts';

export const editions = (): Promise<EditionRow[]> => readAll(schema, 'editions');

export const editionsOf = (module: string): Promise<EditionRow[]> =>
  read(schema, 'editions', (rows) => rows.index('module').getAll(module));

/**
 * The edition a new attempt uses: the highest complete one that was not withdrawn. While none is complete (its
 * pictures wait for Wi-Fi) the highest whose text is here.
 */
export function inUse(rows: readonly EditionRow[]): EditionRow | undefined {
  const usable = rows.filter((row) => !row.withdrawn).sort((one, other) => other.edition - one.edition);
  return usable.find((row) => row.complete) ?? usable[0];
}

/**
 * Put an edition's row. When it is complete, the older editions of its module leave in the same transaction, so there
 * is never a moment without one; `keep` are the SHAs that running attempts still need.
 *
 * Returns the rows that left; their bytes may now go too.
 */
export const putEdition = (row: EditionRow, keep: ReadonlySet<string>): Promise<EditionRow[]> =>
  write(schema, ['editions'], async (store) => {
    const older: EditionRow[] = row.complete
      ? ((await done(store.index('module').getAll(row.module))) as EditionRow[]).filter((other) => other.sha !== row.sha && other.edition <= row.edition && !keep.has(other.sha))
      : [];
    store.put(row);
    for (const other of older) store.delete(other.sha);
    return older;
  });

/** Change rows in one transaction: `change` returns the new row, null to remove it, or the same row to leave it. */
export const changeEditions = (change: (row: EditionRow, all: readonly EditionRow[]) => EditionRow | null): Promise<void> =>
  write(schema, ['editions'], async (store) => {
    const all: EditionRow[] = await done(store.getAll());
    for (const row of all) {
      const changed = change(row, all);
      if (changed === null) store.delete(row.sha);
      else if (changed !== row) store.put(changed);
    }
  });

/** Note that an edition was opened, for the order in which electives leave a full phone. */
export const touchEdition = (sha: string, now: number): Promise<void> =>
  changeEditions((row) => (row.sha === sha ? { ...row, lastUsed: now } : row));
