/** Databases as releases made them, built again with plain IndexedDB. */

export interface Released {
  name: string;
  version: number;
  stores: { [store: string]: { keyPath: string | string[] | null; indexes: { [name: string]: string }; rows: unknown[] } };
}

export const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Make the database as the release made it, with plain IndexedDB: no code of today has a part in it. */
export async function build({ name, version, stores }: Released): Promise<void> {
  const request = indexedDB.open(name, version);
  request.onupgradeneeded = () => {
    for (const [store, { keyPath, indexes, rows }] of Object.entries(stores)) {
      const made = request.result.createObjectStore(store, keyPath === null ? {} : { keyPath });
      for (const [index, path] of Object.entries(indexes)) made.createIndex(index, path);
      for (const row of rows) keyPath === null ? made.put(...(row as [unknown, string])) : made.put(row);
    }
  };
  (await done(request)).close();
}

