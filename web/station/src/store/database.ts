/** IndexedDB as promises, and the shape of the station's database. */
import type { Card } from "../rules/cards.ts";
import type { StoredEntry } from "./records.ts";

const VERSION = 4;

/** The result of one request. */
export function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error("request failed"));
    };
  });
}

/** Resolves when the transaction is on disk, rejects if nothing of it is. */
function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve();
    };
    transaction.onabort = () => {
      reject(transaction.error ?? new Error("transaction aborted"));
    };
  });
}

/** Cards come again from the node, so a change of their shape starts them anew; entries are never touched. */
function lay(database: IDBDatabase): void {
  const known = database.objectStoreNames;
  if (!known.contains("meta")) database.createObjectStore("meta");
  if (!known.contains("entries")) {
    const entries = database.createObjectStore("entries", { keyPath: "id" });
    entries.createIndex("state_seq", ["state", "seq"]);
    entries.createIndex("log_seq", ["log", "seq"]);
  }
  if (!known.contains("sealed")) database.createObjectStore("sealed", { autoIncrement: true });
  if (known.contains("cards")) database.deleteObjectStore("cards");
  const cards = database.createObjectStore("cards", { keyPath: ["kind", "id"] });
  cards.createIndex("version", "version");
  cards.createIndex("expires_at", "expires_at");
}

/**
 * `factory` is the browser's `indexedDB`, or a test's. `lost` hears that the database was closed under the station: by
 * the browser, or because it is to be deleted or laid out anew, which an open one would hold up.
 */
export async function openDatabase(factory: IDBFactory, name: string, lost: () => void): Promise<IDBDatabase> {
  const request = factory.open(name, VERSION);
  request.onupgradeneeded = () => {
    lay(request.result);
  };
  const database = await answer(request);
  database.onclose = lost;
  database.onversionchange = () => {
    database.close();
    lost();
  };
  return database;
}

/** Gives the stores of a running transaction. */
export type Open = (store: string) => IDBObjectStore;

const STRICT = { durability: "strict" } as const;

/** Runs `work` in one transaction that writes, and answers when all of it is on disk. */
export async function write<T>(
  database: IDBDatabase,
  stores: string[],
  work: (open: Open) => Promise<T>,
): Promise<T> {
  const transaction = database.transaction(stores, "readwrite", STRICT);
  const [value] = await Promise.all([work((store) => transaction.objectStore(store)), finished(transaction)]);
  return value;
}

export const allCards = (
  store: IDBObjectStore | IDBIndex,
  range?: IDBKeyRange,
  count?: number,
): Promise<Card[]> => answer(store.getAll(range, count) as IDBRequest<Card[]>);

export const allEntries = (
  store: IDBObjectStore | IDBIndex,
  range?: IDBKeyRange,
  count?: number,
): Promise<StoredEntry[]> => answer(store.getAll(range, count) as IDBRequest<StoredEntry[]>);
